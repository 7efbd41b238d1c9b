/** What the page's program takes of other packages, in one expression. */
import { build } from 'vite';

const ENTRY = 'virtual:packages';

/**
 * `wanted`: by package and name, the members that are asked for. Of a name that stands for many (`z`) the object has
 * those that its package exports beside it. Gives the text of the object, and what in it a name is.
 */
export async function packagesProgram(wanted, plugins) {
  const names = [...wanted].flatMap(([from, all]) =>
    [...all].map(([name, members]) => ({
      from,
      name,
      members: MANY.has(from) ? [...members] : [],
    })),
  );
  const parts = names.map(({ from, members, name }, nth) => {
    if (members.length === 0) return `export { ${name} as a${nth} } from '${from}';`;
    const own = members.map((member) => `${member} as b${nth}${member}`);
    const object = members.map((member) => `${member}: b${nth}${member}`);
    return `import { ${own.join()} } from '${from}'; export const a${nth} = { ${object.join()} };`;
  });
  const [{ output }] = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [
      ...plugins,
      {
        name: 'packages',
        resolveId: (id) => (id.endsWith(ENTRY) ? ENTRY : undefined),
        load: (id) => (id === ENTRY ? parts.join('\n') : undefined),
      },
    ],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      minify: 'terser',
      terserOptions: { ecma: 2020, compress: { passes: 2 } },
      lib: { entry: ENTRY, formats: ['iife'], name: 'packages' },
    },
  });
  const placeOf = (from, name) => {
    const nth = names.findIndex((one) => one.from === from && one.name === name);
    if (nth < 0) throw new TypeError(`nobody asked for ${name} of ${from}`);
    return `packages.a${nth}`;
  };
  return { text: output[0].code.trim(), placeOf };
}

/** Packages whose one name stands for all that they export. */
const MANY = new Set(['zod']);
