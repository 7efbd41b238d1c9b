/** The built-in scenarios, as texts by their names. */
const files = import.meta.glob<string>('../../scenarios/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Text by name, in the order of names. */
export const SCENARIOS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(files).map(([path, text]) => [path.replace(/^.*\/|\.yaml$/g, ''), text]),
);
