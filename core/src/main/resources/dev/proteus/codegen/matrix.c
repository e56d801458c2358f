/* The right operand of a product as a matrix that lies in memory by strides. */
DEVICE VALUE right_at(GLOBAL const ELEMENT* right, idx base, idx k, idx j, words a) {
  return LOAD(right, base + k * RIGHT_K + j * RIGHT_N);
}

#if CHUNKS
/* Columns from `first` on: NR values for each k, zero beyond `width`. */
DEVICE void pack(
    GLOBAL const ELEMENT* right, idx base, GLOBAL VALUE* own, idx first, idx width, words a) {
  GLOBAL const ELEMENT* from = right + base + first * RIGHT_N;
  if (RIGHT_N == 1 && width == NR) {
    for (idx k = 0; k < SIZE_K; k++) {
      for (idx j = 0; j < NR; j++) {
        own[k * NR + j] = LOAD(from, k * RIGHT_K + j);
      }
    }
    return;
  }
  for (idx j = 0; j < width; j++) {
    for (idx k = 0; k < SIZE_K; k++) {
      own[k * NR + j] = LOAD(from, k * RIGHT_K + j * RIGHT_N);
    }
  }
  for (idx k = 0; k < SIZE_K; k++) {
    for (idx j = width; j < NR; j++) {
      own[k * NR + j] = 0;
    }
  }
}
#endif
