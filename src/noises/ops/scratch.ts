/**
 * Working memory that is made once and used again as long as the length stays the same, so that a loop over images
 * allocates nothing. What it holds is undefined on entry; a function owns its scratch and never hands it out.
 */
export function scratch<A extends { readonly length: number }>(
  make: (length: number) => A,
): (length: number) => A {
  let held: A | undefined;
  return (length) => {
    if (held?.length !== length) held = make(length);
    return held;
  };
}
