// A clock that a test sets, for koalaci's processes: `node --import` loads this first. CLOCK_FILE has how many ms it is off.
import { readFileSync } from 'node:fs';

const RealDate = Date;

function off() {
  try {
    return Number(readFileSync(process.env.CLOCK_FILE, 'utf8')) || 0;
  } catch {
    return 0;
  }
}

globalThis.Date = class extends RealDate {
  constructor(...words) {
    if (words.length > 0) super(...words);
    else super(RealDate.now() + off());
  }

  static now() {
    return RealDate.now() + off();
  }
};
