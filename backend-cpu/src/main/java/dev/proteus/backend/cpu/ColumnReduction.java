package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.ReduceKernel.Folding;
import dev.proteus.backend.cpu.vector.MemoryLoops;
import java.util.Optional;

/// Folds columns: a block of results takes in one row of operands after the other.
///
/// Rows of few results are read several at a time and folded onto each other first. Long columns
/// are cut into spans, each with results of its own, so that few results still keep all threads
/// busy.
final class ColumnReduction {
  private static final int BLOCK = Frame.BLOCK;

  /// Reads of a block that are summed in the type of the elements before the wider results take
  /// them in.
  private static final int RUN = 32;

  private static final int READS_PER_SPAN = 256;

  private final Folding folding;
  private final Path[] paths;
  private final Optional<MemoryLoops> direct;
  private final long length;
  private final long results;

  /// Results of a block, and rows read at a time.
  private final int width;

  private final int rows;

  /// Rows of a span, and number of spans.
  private final long span;

  private final int spans;

  private ColumnReduction(Folding folding) {
    this.folding = folding;
    this.paths = folding.byColumns();
    this.direct = folding.direct();
    this.length = folding.length();
    this.results = folding.results();
    this.width = (int) Math.min(BLOCK, results);
    this.rows = Integer.highestOneBit(BLOCK / width);
    this.span = (long) READS_PER_SPAN * rows;
    this.spans = (int) Math.max(1, (length + span - 1) / span);
  }

  static void run(Folding folding) {
    ColumnReduction columns = new ColumnReduction(folding);
    if (columns.spans == 1) {
      columns.whole();
    } else {
      columns.spanned();
    }
  }

  private long blocks() {
    return (results + width - 1) / width;
  }

  private long grain(long reads) {
    return Math.max(1, Costs.grain(reads * width * rows * (folding.program().cost() + 1L)));
  }

  private void whole() {
    long reads = (length + rows - 1) / rows;
    folding.threads().forRange(blocks(), grain(reads), this::wholeBlocks);
  }

  private void wholeBlocks(long from, long to) {
    Frame frame = folding.take(paths);
    Path target = folding.target();
    int register = folding.program().result();
    for (long block = from; block < to; block++) {
      long first = block * width;
      int count = (int) Math.min(width, results - first);
      Partials partials = new Partials(folding.kind(), folding.bank(), count);
      take(frame, partials, 0, first, count, 0, length);
      partials.toRegister(frame, register, 0, 1, count);
      target.store(frame, register, first, count);
    }
    folding.giveBack(frame);
  }

  private void spanned() {
    int apart = Math.toIntExact(results);
    int parts = Math.multiplyExact(apart, spans);
    Partials partials = new Partials(folding.kind(), folding.bank(), parts);
    folding
        .threads()
        .forRange(
            blocks() * spans,
            grain(READS_PER_SPAN),
            (from, to) -> spannedBlocks(partials, from, to));
    folding
        .threads()
        .forRange(
            apart,
            Math.max(BLOCK, Costs.grain(spans)),
            (from, to) -> {
              partials.merge((int) from, (int) (to - from), apart, spans);
              RowReduction.store(folding, partials, 1, from, to);
            });
  }

  private void spannedBlocks(Partials partials, long from, long to) {
    Frame frame = folding.take(paths);
    for (long at = from; at < to; at++) {
      long part = at / blocks();
      long first = (at - part * blocks()) * width;
      int count = (int) Math.min(width, results - first);
      long end = Math.min(length, (part + 1) * span);
      take(frame, partials, (int) (part * results + first), first, count, part * span, end);
    }
    folding.giveBack(frame);
  }

  /// Results from `slot` on take in rows `from … to` of the columns from `first` on.
  private void take(
      Frame frame, Partials partials, int slot, long first, int count, long from, long to) {
    int sum = folding.program().registers(folding.bank());
    int inRun = 0;
    for (long row = from; row < to; row += rows) {
      read(frame, inRun == 0 ? Read.FIRST : Read.NEXT, sum, row, first, count, to);
      inRun++;
      if (inRun == RUN) {
        partials.take(frame, sum, slot, count);
        inRun = 0;
      }
    }
    if (inRun > 0) {
      partials.take(frame, sum, slot, count);
    }
  }

  /// Whether a read begins a sum in the type of the elements.
  private enum Read {
    FIRST,
    NEXT
  }

  private void read(Frame frame, Read read, int sum, long row, long first, int count, long end) {
    long index = row * results + first;
    if (read == Read.NEXT && rows == 1 && direct.isPresent() && paths[0].isFloatRow(index, count)) {
      long place = paths[0].place(frame, index);
      direct.get().combine(folding.kind(), frame.floats[sum], paths[0].segment(), place, count);
      return;
    }
    BlockProgram program = folding.program();
    int together = (int) Math.min(rows, end - row);
    program.run(frame, index, together * count);
    foldRows(frame, program.result(), count, together);
    switch (read) {
      case FIRST -> frame.copy(folding.bank(), sum, 0, program.result(), 0, count);
      case NEXT ->
          frame.combine(folding.bank(), folding.kind(), sum, 0, program.result(), 0, count);
    }
  }

  /// Rows behind each other in a register, folded onto the first.
  private void foldRows(Frame frame, int register, int count, int rowsThere) {
    for (int left = rowsThere; left > 1; left = Integer.highestOneBit(left - 1)) {
      int half = Integer.highestOneBit(left - 1);
      int n = (left - half) * count;
      frame.combine(folding.bank(), folding.kind(), register, 0, register, half * count, n);
    }
  }
}
