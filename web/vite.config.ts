/** The page: one static folder, for any file server. */
import { fileURLToPath } from 'node:url';
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

export default defineConfig({
  root: here('.'),
  base: './',
  plugins: [reportStyle],
  resolve: {
    // Files by path are Node's; a page has none.
    alias: [{ find: './pcap-parsed.ts', replacement: here('./src/no-files.ts') }],
  },
  worker: { format: 'es' },
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
  },
});
