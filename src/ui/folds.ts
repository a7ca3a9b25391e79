// How CI systems fold a step's output: the lines before and after it. Pure but for a random word.
import { randomUUID } from 'node:crypto';

/** What a step's output stands between. */
export interface Folds {
  begin(step: string, title: string, now: number): string;
  end(step: string, now: number): string;
  /** A line by which the CI marks the run as failed, if it has one. */
  failure(why: string): string;
}

type Env = Record<string, string | undefined>;

/** The folds of the CI in which koalaci runs; undefined if it is none that folds. */
export function foldsFor(env: Env): Folds | undefined {
  if (env.GITHUB_ACTIONS === 'true') return github(randomUUID());
  if (env.GITLAB_CI === 'true') return gitlab();
  return undefined;
}

/**
 * GitHub Actions, and who speaks its language. A build that prints workflow commands is not obeyed: between the two lines with
 * a word that it cannot know, they are text.
 */
export function github(word: string): Folds {
  return {
    begin: (_, title) => `::group::${title}\n::stop-commands::${word}\n`,
    end: () => `::${word}::\n::endgroup::\n`,
    failure: (why) =>
      `::error title=koalaci::${why.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')}\n`,
  };
}

/** GitLab CI. */
export function gitlab(): Folds {
  const mark = (what: string, step: string, now: number) =>
    `\u001b[0Ksection_${what}:${Math.floor(now / 1_000)}:koalaci_${step}\r\u001b[0K`;
  return {
    begin: (step, title, now) => `${mark('start', `${step}[collapsed=true]`, now)}${title}\n`,
    end: (step, now) => `${mark('end', step, now)}\n`,
    failure: () => '',
  };
}
