// The three libraries on top; the other six are below them.
import * as seven from '@bench/lib-7';
import * as eight from '@bench/lib-8';
import * as nine from '@bench/lib-9';

document.body.textContent = [seven, eight, nine].map(({ words }) => words('koala')).join(' ');
