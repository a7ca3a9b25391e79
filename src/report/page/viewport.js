// Draws the rows of a long list where they are seen, and no others. All rows are equally high.

/** Rows that are drawn above and below what is seen. */
const BEYOND = 12;
/** Browsers have no higher elements than some ten million pixels. Of a longer list, the scroll bar shows the part of it. */
const MOST_PIXELS = 8_000_000;
/** After which a scroll has come to its end. */
const REST_MS = 150;

export class Viewport {
  #element;
  #space = document.createElement('div');
  #block = document.createElement('div');
  #rows;
  #draw;
  #rowHeight = 20;
  /** How far down the list we are, in its own pixels, and where the scroll bar was at that time. */
  #top = 0;
  #scrolled = 0;
  #resting;
  #isMeasured = false;
  #isOnPaper = false;

  /** `draw(row)` makes the element of a row. */
  constructor(element, rows, draw) {
    this.#element = element;
    this.#rows = rows;
    this.#draw = draw;
    this.#space.className = 'space';
    this.#block.className = 'block';
    this.#space.append(this.#block);
    element.append(this.#space);
    element.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    new ResizeObserver(() => this.#measure()).observe(element);
  }

  /** Draws anew what is seen. */
  refresh() {
    if (this.#isOnPaper) return;
    const first = Math.max(0, Math.floor(this.#top / this.#rowHeight) - BEYOND);
    const seen = Math.ceil(this.#element.clientHeight / this.#rowHeight);
    const last = Math.min(this.#rows, first + seen + 2 * BEYOND);
    const rows = [];
    for (let row = first; row < last; row++) rows.push(this.#draw(row));
    this.#block.replaceChildren(...rows);
    const y = this.#element.scrollTop - this.#top + first * this.#rowHeight;
    this.#block.style.setProperty('--y', `${y}px`);
  }

  /** Brings a row into the middle. */
  show(row) {
    this.#goTo(row * this.#rowHeight - this.#element.clientHeight / 2);
  }

  showEnd() {
    this.#goTo(this.#all);
  }

  /** Draws all of the last rows, as on paper. */
  drawLast(most) {
    this.#isOnPaper = true;
    const rows = [];
    for (let row = Math.max(0, this.#rows - most); row < this.#rows; row++) rows.push(this.#draw(row));
    this.#block.replaceChildren(...rows);
  }

  leavePaper() {
    this.#isOnPaper = false;
    this.#measure();
  }

  get #all() {
    return this.#rows * this.#rowHeight;
  }

  get #pixels() {
    return Math.min(this.#all, MOST_PIXELS);
  }

  #measure() {
    if (this.#isOnPaper) return;
    if (this.#element.clientHeight === 0 && this.#element.clientWidth === 0) return;
    const probe = this.#draw(0);
    this.#block.replaceChildren(probe);
    const height = probe.getBoundingClientRect().height;
    if (height > 0 && height !== this.#rowHeight) {
      this.#top *= height / this.#rowHeight;
      this.#rowHeight = height;
    }
    this.#space.style.setProperty('--height', `${this.#pixels}px`);
    this.#isMeasured = true;
    this.refresh();
  }

  #goTo(top) {
    if (!this.#isMeasured) this.#measure();
    this.#top = Math.min(Math.max(0, top), Math.max(0, this.#all - this.#element.clientHeight));
    this.#rest();
    this.refresh();
  }

  /** A short way is as long in the list; a long one, by the scroll bar, leads to that part of it. */
  #onScroll() {
    const { scrollTop, clientHeight } = this.#element;
    const way = scrollTop - this.#scrolled;
    if (way === 0) return;
    const end = this.#pixels - clientHeight;
    this.#scrolled = scrollTop;
    if (this.#all <= MOST_PIXELS) this.#top = scrollTop;
    else if (scrollTop <= 0) this.#top = 0;
    else if (scrollTop >= end - 1) this.#top = this.#all - clientHeight;
    else if (Math.abs(way) <= 2 * clientHeight) this.#top = Math.max(0, this.#top + way);
    else this.#top = (scrollTop / end) * (this.#all - clientHeight);
    this.refresh();
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      this.#rest();
      this.refresh();
    }, REST_MS);
  }

  /** Puts the scroll bar where it belongs: short ways have moved it too far. */
  #rest() {
    const { clientHeight } = this.#element;
    const [all, end] = [this.#all - clientHeight, this.#pixels - clientHeight];
    this.#element.scrollTop = all <= 0 ? 0 : (this.#top / all) * end;
    this.#scrolled = this.#element.scrollTop;
    if (this.#all <= MOST_PIXELS) this.#top = this.#scrolled;
  }
}
