// A documentation site: a side bar, highlighted code, a search index, a site map.
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';

export default defineConfig({
  site: 'https://notes.example',
  integrations: [starlight({ title: 'Notes' })],
});
