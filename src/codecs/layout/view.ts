/** Lazy readers of a message's fixed head, for hot paths. */
import { canCompile, compileView } from './compile.ts';
import { checkRegion } from './cursor.ts';
import { type Layout, TAKEN_BY_VIEWS } from './layout.ts';
import { checkHead } from './read.ts';

type ViewType = new (bytes: Uint8Array, at: number) => object;

function interpretView(layout: Layout, check: (bytes: Uint8Array, at: number) => void): ViewType {
  class MessageView {
    bytes: Uint8Array;
    at: number;
    constructor(bytes: Uint8Array, at: number) {
      this.bytes = bytes;
      this.at = at;
    }
    move(bytes: Uint8Array, at: number): void {
      check(bytes, at);
      this.bytes = bytes;
      this.at = at;
    }
  }
  for (const { key, field, byte, bit } of layout.head) {
    Object.defineProperty(MessageView.prototype, key, {
      get(this: MessageView) {
        return field.read(this.bytes, this.at + byte, bit);
      },
    });
  }
  return MessageView;
}

/** Makes views. Errors of what it makes: `CodecError` where the head has no room. */
export function makeViewer(layout: Layout): (bytes: Uint8Array, at?: number) => object {
  const check = (bytes: Uint8Array, at: number): void => {
    checkRegion(bytes, at, bytes.length);
    if (bytes.length - at < layout.headBytes) checkHead(layout, at, bytes.length);
  };

  function makeViewType(): ViewType {
    const made = canCompile() ? compileView(layout.head, check) : interpretView(layout, check);
    for (const { key } of layout.tails) {
      if (TAKEN_BY_VIEWS.includes(key)) continue;
      Object.defineProperty(made.prototype, key, {
        get(): never {
          throw new TypeError(`${layout.name}: a view does not reach ${key}: decode the message`);
        },
      });
    }
    return made;
  }

  let viewType: ViewType | undefined;
  return (bytes, at = 0) => {
    check(bytes, at);
    viewType ??= makeViewType();
    return new viewType(bytes, at);
  };
}
