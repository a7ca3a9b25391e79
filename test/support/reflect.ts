// A build command that shows all that a build sees.

/** Lists everything that a build sees: path, kind, mode, content. Then leaves a mess, as builds do. */
export const REFLECT = `
  mkdir -p dist
  find . \\( -path ./.git -o -path ./public/lib/.git -o -path ./dist -o -name node_modules \\) -prune -o -printf '%P %y %m %l\\n' | sort >dist/tree.txt
  find . \\( -path ./.git -o -path ./public/lib/.git -o -path ./dist -o -name node_modules \\) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum >>dist/tree.txt
  ls node_modules 2>/dev/null >>dist/tree.txt || true
  echo left >left.txt; mkdir -p src/generated public/x; echo g >src/generated/g; echo x >public/x/x
  for f in tracked-*; do echo changed >>"$f"; done; chmod 600 public/index.html; rm -f public/style.css
  ln -sf /etc/passwd link-left; git add -A 2>/dev/null && git stash -q 2>/dev/null || true`;
