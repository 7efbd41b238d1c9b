/** The shape of a scenario as a tree, walked for messages and for the page of all keys. */
import { z } from 'zod';
import type { Path } from './origin.ts';

/** A node of the shape. */
export type Shape = z.core.$ZodType;

/** The shape itself, without what says whether it may be left out. */
export function bareShape(shape: Shape): Shape {
  let bare = shape;
  while (
    bare instanceof z.ZodOptional ||
    bare instanceof z.ZodDefault ||
    bare instanceof z.ZodPrefault
  )
    bare = bare.def.innerType;
  return bare;
}

/** The shape of what lies under a key; of a union that tells its kinds by a key, that of the value's kind. */
function under(shape: Shape, key: PropertyKey, value: unknown): Shape | undefined {
  const bare = kindOf(bareShape(shape), value);
  if (bare instanceof z.ZodObject) return (bare.shape as Record<PropertyKey, Shape>)[key];
  if (bare instanceof z.ZodArray) return bare.element;
  return bare instanceof z.ZodRecord ? bare.valueType : undefined;
}

/** Of a union that tells its kinds by a key, the kind of a value; of others the shape as it is. */
function kindOf(shape: Shape, value: unknown): Shape {
  if (!(shape instanceof z.ZodDiscriminatedUnion)) return shape;
  const { discriminator } = shape.def;
  const tag = (value as Record<string, unknown> | null | undefined)?.[discriminator];
  return shape.options.find((one) => tagsOf(one, discriminator).includes(tag)) ?? shape;
}

/** What a kind of a union is told by. */
export function tagsOf(kind: Shape, discriminator: string): readonly unknown[] {
  const tag =
    kind instanceof z.ZodObject ? (kind.shape as Record<string, Shape>)[discriminator] : undefined;
  if (tag instanceof z.ZodLiteral) return [...tag.values];
  return tag instanceof z.ZodEnum ? tag.options : [];
}

/** The shape of what is at a path, the value being what it is; `undefined` where there is none. */
export function shapeAt(whole: Shape, raw: unknown, path: Path): Shape | undefined {
  let [shape, value]: [Shape | undefined, unknown] = [whole, raw];
  for (const key of path) {
    if (shape === undefined) return undefined;
    shape = under(shape, key, value);
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  }
  return shape === undefined ? undefined : kindOf(bareShape(shape), value);
}

/** The keys that a mapping at a path may have, the value being what it is. */
export function keysAt(whole: Shape, raw: unknown, path: Path): readonly string[] {
  const bare = shapeAt(whole, raw, path);
  return bare instanceof z.ZodObject ? Object.keys(bare.shape) : [];
}
