package dev.proteus.backend.opencl;

import dev.proteus.codegen.LineKernel;
import dev.proteus.op.Sort;
import dev.proteus.op.TopK;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// [Sort] and [TopK]: elements become entries that are all different, so that any sort keeps the
/// order of equal ones. An item sorts a row digit by digit where loops go by chunks; elsewhere all
/// rows are sorted together by a network.
///
/// @param backend of the device
/// @param order which elements come first
/// @param rows the rows to sort, of elements of type `dtype`
/// @param dtype their type
/// @param wanted elements of each row that are wanted
record SortKernel(OpenClBackend backend, Sort.Order order, Lines rows, DType dtype, long wanted) {
  /// Elements of a row, whose places fit the lower half of an entry.
  private static final long LONGEST = 1 << 28;

  static Optional<Kernel> sort(OpenClBackend backend, Sort op, List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    long all = x.rank() == 0 ? 1 : x.shape().size(op.axis());
    return kernel(backend, x, op.axis(), op.order(), all);
  }

  static Optional<Kernel> topk(OpenClBackend backend, TopK op, List<TensorSpec> inputs) {
    return kernel(backend, inputs.getFirst(), op.axis(), op.order(), op.k());
  }

  private static Optional<Kernel> kernel(
      OpenClBackend backend, TensorSpec x, int axis, Sort.Order order, long wanted) {
    Lines lines = Lines.of(x.shape(), axis);
    if (lines.areEmpty() || wanted == 0 || lines.length() > LONGEST) {
      return Optional.empty();
    }
    Lines rows = new Lines(lines.count(), lines.length(), 1);
    SortKernel sort = new SortKernel(backend, order, rows, x.dtype(), wanted);
    Kernel dense = Dense.of(backend, sort::run);
    return Optional.of(
        lines.areRows() ? dense : (in, out) -> dense.run(withLast(axis, in), withLast(axis, out)));
  }

  /// The operands with an axis as their last.
  private static List<Operand> withLast(int axis, List<Operand> operands) {
    return operands.stream()
        .map(operand -> {
          int rank = operand.layout().rank();
          int[] order =
              IntStream.concat(IntStream.range(0, rank).filter(i -> i != axis), IntStream.of(axis))
                  .toArray();
          return operand.withLayout(operand.layout().permute(order));
        })
        .toList();
  }

  private void run(List<Operand> in, List<Operand> out) {
    Operand x = in.getFirst();
    Operand result = out.getFirst();
    try (Scratch scratch = new Scratch(backend)) {
      boolean overItself = result.storage() == x.storage();
      Operand values = overItself ? scratch.of(dtype, rows.count() * wanted) : result;
      switch (backend.programs().loops()) {
        case CHUNKS -> byItems(scratch, x, values, out.get(1));
        case STRIPES -> byNetwork(scratch, x, values, out.get(1));
      }
      if (overItself) {
        backend.copy(values.withLayout(Layout.contiguous(result.shape())), result);
      }
    }
  }

  /// Room for so many entries.
  private Operand entries(Scratch scratch, long count) {
    boolean isWide = dtype.bytes() == 8;
    return scratch.of(DType.INT64, isWide ? 2 * count : count);
  }

  private void byItems(Scratch scratch, Operand x, Operand values, Operand places) {
    LineKernel kernel =
        switch (order) {
          case ASCENDING -> LineKernel.SORT_ROWS;
          case DESCENDING -> LineKernel.SORT_ROWS_DESCENDING;
        };
    long items = backend.programs().teams(rows.count(), rows.numel());
    LineLaunch.of(backend, kernel, dtype)
        .items(
            List.of(
                x,
                values,
                places,
                entries(scratch, items * rows.length()),
                entries(scratch, items * rows.length())),
            rows.count(),
            rows.numel(),
            rows.count(),
            rows.length(),
            wanted);
  }

  private void byNetwork(Scratch scratch, Operand x, Operand values, Operand places) {
    LineKernel kernel =
        switch (order) {
          case ASCENDING -> LineKernel.SORT_KEYS;
          case DESCENDING -> LineKernel.SORT_KEYS_DESCENDING;
        };
    long row = Math.max(2, Long.highestOneBit(2 * rows.length() - 1));
    long all = rows.count() * row;
    Operand entries = entries(scratch, all);
    LineLaunch.of(backend, kernel, dtype)
        .items(List.of(x, entries), all, all, rows.count(), rows.length(), row);
    long block = Math.min(row, LineKernel.SPAN);
    merge(entries, all / block, block, row, 2, block);
    for (long size = 2 * block; size <= row; size *= 2) {
      for (long apart = size / 2; apart >= block; apart /= 2) {
        LineLaunch.of(backend, LineKernel.SORT_STEP, dtype)
            .items(List.of(entries), all / 2, all, rows.count(), row, size, apart);
      }
      merge(entries, all / block, block, row, size, size);
    }
    LineLaunch.of(backend, LineKernel.SORT_PLACES, dtype)
        .items(
            List.of(x, entries, values, places),
            rows.count() * wanted,
            all,
            rows.count(),
            rows.length(),
            row,
            wanted);
  }

  private void merge(Operand entries, long blocks, long block, long row, long from, long to) {
    LineLaunch.of(backend, LineKernel.SORT_BLOCK, dtype)
        .teams(List.of(entries), blocks, blocks * block, blocks, block, row, from, to);
  }
}
