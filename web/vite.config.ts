/** The page: one file that has all it needs, for any file server, for `serve`, for reports, and from a disk. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import { STYLE } from '../src/report/style.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const REPORT_STYLE = 'virtual:report.css';
/** The style of the report, by which page and report look alike. */
const reportStyle: Plugin = {
  name: 'report-style',
  resolveId: (id) => (id === REPORT_STYLE ? `/${REPORT_STYLE}` : undefined),
  load: (id) => (id === `/${REPORT_STYLE}` ? STYLE : undefined),
};

/** What zod makes JSON Schema with: the page only checks by its schemas. */
const noJsonSchema: Plugin = {
  name: 'no-json-schema',
  enforce: 'pre',
  load: (id) =>
    /zod\/v4\/core\/(?:to-json-schema|json-schema-processors)\.js$/.test(id)
      ? {
          code: 'export default new Proxy({}, { get: () => () => () => undefined });',
          syntheticNamedExports: true,
        }
      : undefined,
};

const policyOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * Puts program and style into the page, and their digests in the place of where they came from. Browsers look for the
 * end of a program before they read it, so nothing in it may look like one.
 */
const oneFile: Plugin = {
  name: 'one-file',
  enforce: 'post',
  generateBundle(_, bundle) {
    const page = bundle['index.html'];
    if (page?.type !== 'asset') throw new Error('there is no page');
    let text = String(page.source);
    for (const [name, part] of Object.entries(bundle)) {
      if (part === page) continue;
      const isProgram = part.type === 'chunk';
      const [kind, code] = isProgram
        ? ['script', part.code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')]
        : ['style', String(part.source).trim()];
      const tag = isProgram
        ? new RegExp(`<script[^>]*${name}"[^>]*></script>`)
        : new RegExp(`<link[^>]*${name}"[^>]*>`);
      if (!tag.test(text)) throw new Error(`the page does not name ${name}`);
      text = text
        .replace(tag, '')
        .replace(`${kind}-src 'self'`, `${kind}-src ${policyOf(code)}`)
        .replace(isProgram ? '</body>' : '</head>', (end) =>
          isProgram
            ? `<script type="module">${code}</script>${end}`
            : `<style>${code}</style>${end}`,
        );
      delete bundle[name];
    }
    page.source = text;
    this.emitFile({
      type: 'asset',
      fileName: 'index.html.br',
      source: brotliCompressSync(text, {
        params: {
          [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
          [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
        },
      }),
    });
  },
};

export default defineConfig({
  root: here('.'),
  base: './',
  plugins: [reportStyle, oneFile],
  resolve: {
    // Files by path are Node's; a page has none.
    alias: [{ find: './pcap-parsed.ts', replacement: here('./src/no-files.ts') }],
  },
  // From a disk browsers start no worker that is a module.
  worker: { format: 'iife', plugins: () => [noJsonSchema] },
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // For the package every byte counts; terser takes half a minute for a fiftieth.
    minify: process.env.SANMOTION_PACK === undefined ? 'esbuild' : 'terser',
    terserOptions: { ecma: 2020, compress: { passes: 2 } },
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    chunkSizeWarningLimit: 2000,
  },
});
