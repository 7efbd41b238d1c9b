/**
 * The page: one file that has all it needs, for any file server, for `serve`, for reports, and from a disk. The program of
 * its worker stands in an element of its own, which runs nothing by itself.
 */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build, defineConfig, type Plugin } from 'vite';
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
export const noJsonSchema: Plugin = {
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

// Files by path are Node's; a page has none.
const alias = [{ find: './pcap-parsed.ts', replacement: here('./src/no-files.ts') }];

const WORKER = /(<script type="text\/plain" id="worker">)(<\/script>)/;
/** What ends the element that a program stands in, or looks to a browser as if it might. */
const MARKUP = /<(?=\/script|!--)/g;
/** What stands for the worker's program where the package is made: `scripts/pack-page.mjs` makes it of what is in `dist`. */
export const WORKER_PLACE = '/* the worker */';

async function workerProgram(): Promise<string> {
  if (process.env.SANMOTION_PACK !== undefined) return WORKER_PLACE;
  const built = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [noJsonSchema],
    resolve: { alias },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      // From a disk browsers start no worker that is a module.
      lib: { entry: here('./src/worker/worker.ts'), formats: ['iife'], name: 'worker' },
    },
  });
  const [{ output }] = built as unknown as [{ output: [{ code: string }] }];
  return output[0].code;
}

const policyOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * Puts program and style into the page, and their digests in the place of where they came from. Browsers look for the
 * end of a program before they read it, so nothing in it may look like one.
 */
const oneFile: Plugin = {
  name: 'one-file',
  enforce: 'post',
  async generateBundle(_, bundle) {
    const page = bundle['index.html'];
    if (page?.type !== 'asset') throw new Error('there is no page');
    let text = String(page.source);
    for (const [name, part] of Object.entries(bundle)) {
      if (part === page) continue;
      const isProgram = part.type === 'chunk';
      const [kind, code] = isProgram
        ? ['script', part.code.replace(MARKUP, '<\\')]
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
    const program = (await workerProgram()).trim().replace(MARKUP, '<\\');
    page.source = text.replace(WORKER, (_, open, close) => `${open}${program}${close}`);
  },
};

export default defineConfig({
  root: here('.'),
  base: './',
  plugins: [reportStyle, oneFile],
  resolve: { alias },
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
