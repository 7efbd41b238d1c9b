/** Elements of the page. Texts become text nodes and nothing else, whatever is in them. */

/** What an element may hold. */
export type Child = Node | string | undefined | readonly Child[];

/** Attributes, and listeners as `onclick`; `undefined` and `false` leave one out. */
export type Attributes = Readonly<
  Record<string, string | number | boolean | undefined | ((event: never) => void)>
>;

/** Makes an element. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(key.slice(2), value as EventListener);
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  put(element, children);
  return element;
}

function put(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined) continue;
    if (typeof child === 'string' || child instanceof Node) element.append(child);
    else put(element, child as readonly Child[]);
  }
}

/** Replaces what an element holds. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  put(element, children);
}

/** What of the report's markup an element may be; its texts were escaped where it was made. */
const DRAWN =
  /^(?:svg|g|rect|path|line|text|title|defs|marker|p|h3|div|span|b|br|table|thead|tbody|tr|th|td|details|summary|pre)$/i;

/**
 * Markup that the report's templates made. It is parsed apart from the page, and nothing in it may be anything
 * but drawings and tables: no script, no handler, no address.
 */
export function drawing(markup: string): DocumentFragment {
  const parsed = new DOMParser().parseFromString(`<body>${markup}</body>`, 'text/html');
  for (const element of parsed.body.querySelectorAll('*')) {
    const isForeign = !DRAWN.test(element.tagName);
    const isActive = [...element.attributes].some(({ name }) =>
      /^on|^href$|^src$|^style$/i.test(name),
    );
    if (isForeign || isActive) throw new Error(`a drawing holds <${element.tagName}>`);
  }
  const fragment = document.createDocumentFragment();
  fragment.append(...parsed.body.childNodes);
  return fragment;
}

/** A whole number with separators between thousands. */
export const count = (value: number): string => value.toLocaleString('en-US');

/** A table with a head; cells of the columns in `right` stand on the right. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Child[])[],
  right: readonly number[] = [],
): HTMLElement {
  const classOf = (i: number) => ({ class: right.includes(i) ? 'number' : undefined });
  return h(
    'div',
    { class: 'scroll' },
    h(
      'table',
      {},
      h('caption', { class: 'unseen' }, caption),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          head.map((one, i) => h('th', { scope: 'col', ...classOf(i) }, one)),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map((row) =>
          h(
            'tr',
            {},
            row.map((cell, i) => h('td', classOf(i), cell)),
          ),
        ),
      ),
    ),
  );
}

/** Tabs over panels, of which one is seen; arrow keys go from one to the next. */
export function tabs(
  label: string,
  panels: readonly {
    readonly name: string;
    readonly panel: HTMLElement;
    readonly shown?: () => void;
  }[],
  list: HTMLElement = h('div', { role: 'tablist', 'aria-label': label, class: 'tabs' }),
): { list: HTMLElement; show(name: string): void } {
  const buttons = panels.map(({ name, panel }, i) => {
    const id = `tab-${label}-${i}`.replace(/\W+/g, '-').toLowerCase();
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', id);
    return h(
      'button',
      {
        role: 'tab',
        id,
        type: 'button',
        onclick: () => show(name),
        onkeydown: (event: KeyboardEvent) => {
          const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (step === undefined) return;
          const next = (i + step + panels.length) % panels.length;
          show(panels[next]!.name);
          buttons[next]!.focus();
        },
      },
      name,
    );
  });
  list.append(...buttons);
  const show = (wanted: string): void => {
    for (const [i, { name, panel, shown }] of panels.entries()) {
      const isShown = name === wanted;
      panel.hidden = !isShown;
      buttons[i]!.setAttribute('aria-selected', String(isShown));
      buttons[i]!.tabIndex = isShown ? 0 : -1;
      if (isShown) shown?.();
    }
  };
  show(panels[0]!.name);
  return { list, show };
}

/** A line that says how far something has come, for eyes and screen readers. */
export function progressLine(): {
  element: HTMLElement;
  tell(words: string, share?: number): void;
  end(): void;
} {
  const words = h('span', { role: 'status', 'aria-live': 'polite' });
  const bar = h('progress', { max: 1, 'aria-label': 'progress' });
  const element = h('div', { class: 'progress', hidden: true }, bar, words);
  return {
    element,
    tell(text, share) {
      element.hidden = false;
      words.textContent = text;
      if (share === undefined) bar.removeAttribute('value');
      else bar.value = Math.min(1, share);
    },
    end() {
      element.hidden = true;
    },
  };
}
