/** The page as `npm run web` builds it, into a folder of a test's own. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Builds web/. */
export async function buildPage(folder: string): Promise<void> {
  const configFile = fileURLToPath(new URL('../../../web/vite.config.ts', import.meta.url));
  await build({ configFile, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
}
