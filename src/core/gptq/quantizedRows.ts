/** Rows of a layer as GPTQ quantized them. `groups` is the number of groups of a row. */
export interface QuantizedRows {
  /** `rows` × `columns`, columns as stored. */
  readonly codes: Uint8Array;
  /** `rows` × `groups` */
  readonly scales: Float32Array;
  /** `rows` × `groups`; weight = scale · (code − zero) */
  readonly zeros: Uint8Array;
  /** `columns`: the group of each column. */
  readonly groupOf: Int32Array;
  /** `rows` × `columns`: what the codes stand for. */
  readonly values: Float32Array;
  /** `rows`: Σ over the columns of error² / 2 in the metric of the Hessian that the factor was made of. */
  readonly loss: Float32Array;
}
