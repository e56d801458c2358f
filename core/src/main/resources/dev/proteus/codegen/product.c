/* Products of matrices; see product.h. The left operand comes in panels of MR rows (pack_rows.c);
   the right one is read where it lies, by right_at or pack. BIAS_ROWS and BIAS_COLUMNS say whether
   there is a bias for each row or column; PARTIAL, that results stay in VALUE. */
#if PARTIAL
#define TARGET VALUE
#define PUT(p, i, v) (p)[i] = (v);
#else
#define TARGET ELEMENT
#define PUT(p, i, v) STORE(p, i, v)
#endif

DEVICE TARGET target(VALUE x) {
  TARGET stored;
  PUT(&stored, 0, x)
  return stored;
}

#if CHUNKS
/* An item packs a panel of NR columns and multiplies all panels of rows by it, so that it stays in
   the cache; a tile of the result stays in registers. */
#define WIDE VECTOR(VALUE, WIDTH)
#define VECTORS (NR / WIDTH)

KERNEL product(
    GLOBAL const VALUE* RESTRICT left,
    GLOBAL const ELEMENT* RESTRICT right,
    GLOBAL const ELEMENT* RESTRICT bias,
    GLOBAL TARGET* RESTRICT result,
    GLOBAL VALUE* RESTRICT room,
    GLOBAL i32* errors,
    words a) {
  const idx panels = (SIZE_N + NR - 1) / NR;
  const idx row_panels = (SIZE_M + MR - 1) / MR;
  const idx part = (row_panels + ROW_PARTS - 1) / ROW_PARTS;
  GLOBAL VALUE* own = room + ITEM(0) * SIZE_K * NR;
  FOR_EACH(task, TASKS)
    const idx from = task % ROW_PARTS * part;
    const idx to = from + part < row_panels ? from + part : row_panels;
    const idx first = task / ROW_PARTS % panels * NR;
    const idx width = SIZE_N - first < NR ? SIZE_N - first : NR;
    idx left_at = 0;
    idx base = RIGHT_START;
    idx result_at = RESULT_START + first * RESULT_N;
    idx bias_at = BIAS_START;
    TO_PRODUCT(task / ROW_PARTS / panels, left_at, base, result_at, bias_at)
    for (idx block = 0; block < BLOCKS; block++) {
      pack(right, base + block * BLOCK_STEP, own, first, width, a);
      for (idx m = from; m < to; m++) {
        GLOBAL const VALUE* p = left + left_at + (m * BLOCKS + block) * SIZE_K * MR;
        GLOBAL const VALUE* q = own;
        WIDE tile[MR][VECTORS];
        UNROLL
        for (i32 i = 0; i < MR; i++) {
          UNROLL
          for (i32 j = 0; j < VECTORS; j++) {
            tile[i][j] = 0;
          }
        }
        for (idx k = 0; k < SIZE_K; k++) {
          WIDE columns[VECTORS];
          UNROLL
          for (i32 j = 0; j < VECTORS; j++) {
            columns[j] = VECTOR_LOAD(WIDTH)(j, q);
          }
          UNROLL
          for (i32 i = 0; i < MR; i++) {
            UNROLL
            for (i32 j = 0; j < VECTORS; j++) {
              tile[i][j] = fma((WIDE) p[i], columns[j], tile[i][j]);
            }
          }
          p += MR;
          q += NR;
        }
        UNROLL
        for (i32 i = 0; i < MR; i++) {
          const idx row = m * MR + i;
          if (row < SIZE_M) {
            VALUE sums[NR];
            UNROLL
            for (i32 j = 0; j < VECTORS; j++) {
              VECTOR_STORE(WIDTH)(tile[i][j], j, sums);
            }
#if BIAS_ROWS
            const VALUE added = LOAD(bias, bias_at + row);
#endif
            GLOBAL TARGET* y = result + result_at + row * RESULT_M;
            for (idx j = 0; j < width; j++) {
              VALUE sum = sums[j];
#if PARTIAL
              if (block > 0) {
                sum += y[j * RESULT_N];
              }
#endif
#if BIAS_ROWS
              sum += added;
#elif BIAS_COLUMNS
              sum += LOAD(bias, bias_at + first + j);
#endif
              y[j * RESULT_N] = target(sum);
            }
          }
        }
      }
    }
  END
}
#else
/* A group computes a tile of 64 by 64, of which each of its 256 items has 4 rows and every 16th
   column; 16 terms at a time wait in local memory. */
#define TILE 64
#define DEPTH 16

KERNEL product(
    GLOBAL const VALUE* RESTRICT left,
    GLOBAL const ELEMENT* RESTRICT right,
    GLOBAL const ELEMENT* RESTRICT bias,
    GLOBAL TARGET* RESTRICT result,
    GLOBAL i32* errors,
    words a) {
  LOCAL VALUE rows[DEPTH][TILE + 1];
  LOCAL VALUE columns[DEPTH][TILE];
  const i32 lane = LANE(0);
  const i32 x = lane % 16;
  const i32 y = lane / 16;
  const idx across = (SIZE_N + TILE - 1) / TILE;
  const idx down = (SIZE_M + TILE - 1) / TILE;
  for (idx task = GROUP(0); task < TASKS; task += ITEMS(0) / LANES(0)) {
    const idx row0 = task % down * TILE;
    const idx column0 = task / down % across * TILE;
    idx left_at = 0;
    idx base = RIGHT_START;
    idx result_at = RESULT_START;
    idx bias_at = BIAS_START;
    TO_PRODUCT(task / down / across, left_at, base, result_at, bias_at)
    VALUE tile[4][4];
    UNROLL
    for (i32 i = 0; i < 4; i++) {
      UNROLL
      for (i32 j = 0; j < 4; j++) {
        tile[i][j] = 0;
      }
    }
    const idx terms = BLOCKS * SIZE_K;
    for (idx k0 = 0; k0 < terms; k0 += DEPTH) {
      for (i32 e = lane; e < TILE * DEPTH; e += 256) {
        const idx row = row0 + e % TILE;
        const idx k = k0 + e / TILE;
        rows[e / TILE][e % TILE] =
            row < SIZE_M && k < terms
                ? left[left_at + (row / MR * terms + k) * MR + row % MR]
                : 0;
        const idx column = column0 + e % TILE;
        columns[e / TILE][e % TILE] =
            column < SIZE_N && k < terms
                ? right_at(right, base + k / SIZE_K * BLOCK_STEP, k % SIZE_K, column, a)
                : 0;
      }
      BARRIER();
      for (i32 k = 0; k < DEPTH; k++) {
        UNROLL
        for (i32 i = 0; i < 4; i++) {
          UNROLL
          for (i32 j = 0; j < 4; j++) {
            tile[i][j] = fma(rows[k][y * 4 + i], columns[k][x + 16 * j], tile[i][j]);
          }
        }
      }
      BARRIER();
    }
    UNROLL
    for (i32 i = 0; i < 4; i++) {
      UNROLL
      for (i32 j = 0; j < 4; j++) {
        const idx row = row0 + y * 4 + i;
        const idx column = column0 + x + 16 * j;
        if (row < SIZE_M && column < SIZE_N) {
          VALUE sum = tile[i][j];
#if BIAS_ROWS
          sum += LOAD(bias, bias_at + row);
#elif BIAS_COLUMNS
          sum += LOAD(bias, bias_at + column);
#endif
          result[result_at + row * RESULT_M + column * RESULT_N] = target(sum);
        }
      }
    }
  }
}
#endif
