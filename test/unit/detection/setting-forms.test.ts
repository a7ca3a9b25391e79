// Settings in TOML and YAML, in the forms in which people write them.
import { describe, expect, it } from 'vitest';
import { ofToml, ofYaml } from '../../../ci/steps/detection/setting-forms.mjs';

const UNSURE = { unsure: expect.any(String) };

describe('TOML', () => {
  it.each([
    ['a table', '[build]\npublish = "www"'],
    ['Windows', '[build]\r\npublish = "www"\r\n'],
    ['a table in a line', 'build = { command = "a, b", publish = "www" }'],
    ['a dotted name', "build.publish = 'www' # there"],
    ['names in quotes', '[ "build" ]\n"publish"="www"'],
    ['a list of tables before it', '[[redirects]]\npublish = "no"\n[build]\npublish = "www"'],
    ['a text of several lines before it', '[build]\ncommand = """\npublish = "no"\n"""\npublish = "www"'],
  ])('with %s', (_, text) => {
    expect(ofToml(text, 'build.publish')).toEqual({ value: 'www' });
  });

  it.each([
    ['a text of several lines', '[build]\npublish = """\nwww"""'],
    ['an escape', '[build]\npublish = "\\u0077"'],
    ['a table in a table', 'build = { a = { publish = "www" } }'],
  ])('with %s is unsure', (_, text) => {
    expect(ofToml(text, 'build.publish')).toEqual(UNSURE);
  });

  it('may have any letters, and the name elsewhere', () => {
    expect(ofToml('dir = "öffentlich"', 'dir')).toEqual({ value: 'öffentlich' });
    expect(ofToml('[other]\ndir = "www"', 'dir')).toBeUndefined();
  });
});

describe('YAML', () => {
  it.each([
    ['a word', 'out: www', 'www'],
    ['Windows', 'out: www\r\n', 'www'],
    ['a name in quotes', '"out": www', 'www'],
    ['quotes', "out: 'www' # there", 'www'],
    ['spaces and any letters', 'out: öffent lich # there', 'öffent lich'],
    ['a path', 'out: ../_www/', '../_www/'],
  ])('with %s', (_, text, value) => {
    expect(ofYaml(text, 'out')).toEqual({ value });
  });

  it.each([
    ['an anchor', 'out: &a www'],
    ['an alias', 'out: *a'],
    ['a text of several lines', 'out: |\n  www'],
  ])('with %s is unsure', (_, text) => {
    expect(ofYaml(text, 'out')).toEqual(UNSURE);
  });

  it('with a table in a line is unsure, and one in another is not meant', () => {
    expect(ofYaml('a: {out: www}', 'a.out')).toEqual(UNSURE);
    expect(ofYaml('a:\n  out: www', 'out')).toBeUndefined();
    expect(ofYaml('out: # nothing', 'out')).toBeUndefined();
  });
});
