/** What the parser of display filters makes of a text; `at` counts characters from 0. */

/** A value as it was written. */
export type Literal =
  | {
      readonly kind: 'number';
      readonly number: bigint;
      readonly written: string;
      readonly at: number;
    }
  | {
      readonly kind: 'fraction';
      readonly fraction: number;
      readonly written: string;
      readonly at: number;
    }
  /** Octets with separators, to be read as its field wants it. */
  | { readonly kind: 'octets'; readonly written: string; readonly at: number }
  | { readonly kind: 'text'; readonly text: string; readonly written: string; readonly at: number }
  /** Without quotes: a field, or the name of a code. */
  | { readonly kind: 'word'; readonly text: string; readonly written: string; readonly at: number };

/** What stands on the left of a comparison. */
export type Operand =
  | { readonly kind: 'field'; readonly name: string; readonly at: number }
  /** `count` octets or characters from the `from`th, counted from 0. */
  | {
      readonly kind: 'slice';
      readonly of: FieldOperand;
      readonly from: number;
      readonly count: number;
      readonly at: number;
    }
  | {
      readonly kind: 'call';
      readonly name: 'len' | 'count' | 'lower' | 'upper';
      readonly of: Operand;
      readonly at: number;
    };

/** A field by its name. */
export type FieldOperand = Extract<Operand, { kind: 'field' }>;

/** `==` any is equal, `===` all are; `!=` none is equal, `!==` any is not; `&` any shares a bit. */
export type Comparison = '==' | '===' | '!=' | '!==' | '>' | '<' | '>=' | '<=' | '&';

/** A filter, or a part of one that is true or false of a frame. */
export type Test =
  | { readonly kind: 'all' }
  | { readonly kind: 'or' | 'and' | 'xor'; readonly tests: readonly Test[] }
  | { readonly kind: 'not'; readonly test: Test }
  | { readonly kind: 'present'; readonly left: Operand }
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: Operand;
      readonly right: Literal;
    }
  | { readonly kind: 'contains'; readonly left: Operand; readonly right: Literal }
  | {
      readonly kind: 'matches';
      readonly left: Operand;
      readonly source: string;
      readonly at: number;
    }
  | { readonly kind: 'in'; readonly left: Operand; readonly set: readonly Range[] };

/** Members of a set: from one value to another, both included. */
export interface Range {
  readonly from: Literal;
  readonly to: Literal;
}

/** A pattern of `matches`. */
export type Expression =
  | {
      readonly kind: 'set';
      readonly negated: boolean;
      readonly ranges: readonly (readonly [number, number])[];
    }
  | { readonly kind: 'chain' | 'either'; readonly of: readonly Expression[] }
  | {
      readonly kind: 'repeat';
      readonly of: Expression;
      readonly least: number;
      readonly most: number;
    }
  | { readonly kind: 'start' | 'end' };
