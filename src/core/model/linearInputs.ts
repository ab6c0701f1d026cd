/**
 * Hears the input of every linear layer while a block runs: what calibration, importance matrices, GPTQ and AWQ are made of.
 *
 * @param tensor name of the weight in the checkpoint. Layers that share an input (query, key and value; gate and up) are
 *   told one after the other, with the same values
 * @param values row-major, `rows` × `columns`; a row for each token. Valid only during the call
 * @param rows tokens. A layer is told of all tokens in several calls, in their order
 * @param columns inputs of the layer: columns of its weight
 */
export type LinearInputListener = (tensor: string, values: Float32Array, rows: number, columns: number) => void;

/**
 * Float32 values of a tensor, row-major, by its name in the checkpoint. Whoever wants a block to run with other weights
 * (rounded ones, for GPTQ in true sequence) answers with those.
 */
export type WeightLookup = (tensor: string) => Float32Array;
