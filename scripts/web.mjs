/**
 * The page on loopback: built where it is missing, or anew with --build. Everything happens in the browser; this
 * only hands out the page, which is one file. `npm run web -- --port 8080`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'dist/web');

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4173' },
    build: { type: 'boolean', default: false },
    'build-only': { type: 'boolean', default: false },
  },
});

if (values.build || values['build-only'] || !existsSync(join(folder, 'index.html'))) {
  const { build } = await import('vite');
  await build({ configFile: join(root, 'web/vite.config.ts'), logLevel: 'warn' });
}

if (!values['build-only']) {
  const server = createServer((request, response) => {
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/') {
      response.writeHead(404).end();
      return;
    }
    const type = 'text/html; charset=utf-8';
    response.writeHead(200, { 'Content-Type': type, 'X-Content-Type-Options': 'nosniff' });
    response.end(readFileSync(join(folder, 'index.html')));
  });
  server.listen(Number(values.port), '127.0.0.1', () => {
    process.stdout.write(`http://127.0.0.1:${server.address().port}/\n`);
  });
}
