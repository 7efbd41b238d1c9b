/** The types of module.mjs, for tests. */
export class Module {
  constructor(path: string, text: string);
  readonly path: string;
  readonly text: string;
}
