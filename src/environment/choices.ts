/** The words of an experiment file; here, so that a schema is written without loading any code of the method. */
export const styles = ['learned', 'swap', 'fourier', 'mean-std', 'none', 'oracle'] as const;
export type Style = (typeof styles)[number];

export const addOnKinds = ['batchnorm', 'depthwise', 'low-rank', 'all'] as const;
export type AddOnKind = (typeof addOnKinds)[number];
