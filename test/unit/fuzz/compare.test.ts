import { describe, expect, it } from 'vitest';
import { differences } from '../../fuzz/building/compare.js';

describe('the differences of two builds', () => {
  const clean = { ending: 'READY 0', 'seen.tree': 'File 644 \na f 644\nb f 644' };

  it('are none when they are the same', () => {
    expect(differences(clean, { ...clean })).toEqual([]);
  });

  it('are the lines that one of them has more', () => {
    const warm = { ...clean, 'seen.tree': 'File 644 \na f 755\nb f 644\nleft f 644' };
    expect(differences(clean, warm)).toEqual([
      'seen.tree: - a f 644',
      'seen.tree: + a f 755',
      'seen.tree: + left f 644',
    ]);
  });

  it('are seen where only the order differs, or how often a line comes', () => {
    const swapped = { ...clean, 'seen.tree': 'File 644 \nb f 644\na f 644' };
    expect(differences(clean, swapped)).toEqual(['seen.tree: in another order']);
    const twice = { ...clean, 'seen.tree': `${clean['seen.tree']}\nb f 644` };
    expect(differences(clean, twice)).toEqual(['seen.tree: + b f 644']);
  });

  it('name files that only one of them shipped', () => {
    expect(differences({ ...clean, old: '' }, { ...clean, new: '' })).toEqual(['+ new', '- old']);
  });
});
