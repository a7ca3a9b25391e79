import { expect, it } from 'vitest';
import { html } from '../../../src/report/markup.js';

it('escapes what gets into it, also in attributes', () => {
  const text = `</td><script>alert("1")</script>&'`;
  expect(html`<td title="${text}">${text}</td>`.text).toBe(
    '<td title="&lt;/td&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;">&lt;/td&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;</td>',
  );
});

it('spells out controls, which could turn around how text is read', () => {
  expect(html`${'a\u202eb\u0000'}`.text).toBe('a\\u202eb\\x00');
});

it('takes markup, lists of it, and nothing', () => {
  expect(html`<ul>${['<', 2].map((one) => html`<li>${one}</li>`)}${undefined}${false}</ul>`.text).toBe(
    '<ul><li>&lt;</li><li>2</li></ul>',
  );
});
