// Patches of installed packages that no longer fit, as patch-package tells of them in an install script or in a build. Pure.
import type { Row } from '../row.js';

export const PATCHES: Row[] = [
  {
    id: 'patch-failed',
    says: /^\*\*ERROR\*\* Failed to apply patch (?:for package (\S+)|(?:file )?(\S+)).*$/,
    followed: /./,
    cause: ([, one, other]) => `a patch of the project does not fit the installed version of ${one ?? other}`,
    fault: 'project',
    remedy: ([, one, other]) =>
      `Change the package in node_modules once more and run "npx patch-package ${one ?? other}", or remove its file in patches; and commit.`,
    lines: /^\*\*ERROR\*\* Failed to apply patch .*$|^ +patches\/\S+\.patch$/,
  },
];
