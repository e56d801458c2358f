package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.memory.CpuStorage;
import dev.proteus.op.Reduce;
import dev.proteus.op.Scatter;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Space;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Writes elements at given indices, over or into a copy of the base.
///
/// Two sources meet in one place only if they differ along the indexed axis alone. That axis is
/// walked in its order by one thread, and threads share the other axes: the last one wins, and sums
/// come out alike, on any number of threads. Sums of halves are kept in float32 until all are
/// added.
final class ScatterKernel implements Kernel {
  /// Elements of a row that are worth going through all indices for.
  private static final long ROW = 256;

  private static final int OUT = 0;
  private static final int INDEX = 1;
  private static final int SOURCE = 2;

  private final Scatter op;
  private final CpuBackend backend;
  private final Frames frames;
  private final CopyKernel copy;

  ScatterKernel(Scatter op, CpuBackend backend, Frames frames) {
    this.op = op;
    this.backend = backend;
    this.frames = frames;
    this.copy = new CopyKernel(backend.threads());
  }

  @Override
  public void run(List<Operand> inputs, List<Operand> outputs) {
    Operand base = inputs.getFirst();
    Operand out = outputs.getFirst();
    if (out.layout().numel() == 0) {
      return;
    }
    if (op.mode() == Scatter.Mode.ADD && out.dtype().isHalf()) {
      wide(inputs, out);
      return;
    }
    if (base.storage() != out.storage() || !base.layout().equals(out.layout())) {
      copy.copy(base, out);
    } else {
      // What is written over is whole or as it was.
      Operand index = inputs.get(1);
      new Index(op.name(), op.axis(), out, index).checkAll(index, backend.threads());
    }
    write(inputs.get(1), inputs.get(2), out);
  }

  private void wide(List<Operand> inputs, Operand out) {
    CpuStorage sums = backend.allocate(4 * out.layout().numel());
    Operand wide = new Operand(sums, Layout.contiguous(out.shape()), DType.FLOAT32);
    try {
      convert(inputs.getFirst(), wide);
      write(inputs.get(1), inputs.get(2), wide);
      convert(wide, out);
    } finally {
      sums.release();
    }
  }

  /// Copies between two types of one bank.
  private void convert(Operand from, Operand to) {
    long[][] strides = {from.layout().strides(), to.layout().strides()};
    Space space = Space.of(to.shape(), strides, Space.order(to.layout()));
    Path source = Path.of(from, space.sizes(), space.strides(0));
    Path target = Path.of(to, space.sizes(), space.strides(1));
    backend
        .threads()
        .forRange(
            space.numel(),
            Costs.GRAIN,
            (at, end) -> {
              Frame frame = frames.take();
              frame.reserve(1);
              for (long i = at; i < end; i += Frame.BLOCK) {
                int n = (int) Math.min(Frame.BLOCK, end - i);
                source.load(frame, 0, i, n);
                target.store(frame, 0, i, n);
              }
              frames.giveBack(frame);
            });
  }

  private void write(Operand index, Operand source, Operand out) {
    if (index.layout().numel() > 0) {
      Writing writing = new Writing(index, source, out);
      backend.threads().forRange(writing.columns(), writing.grain(), writing::write);
    }
  }

  /// One run: the axes before the indexed one, itself, and those after.
  private final class Writing {
    private final Index index;
    private final Operand source;
    private final Operand out;
    private final MemorySegment from;
    private final MemorySegment to;
    private final long fromStart;
    private final long toStart;
    private final int width;
    private final Space before;
    private final Space after;
    private final long length;
    private final long indexStep;
    private final long sourceStep;

    Writing(Operand index, Operand source, Operand out) {
      int rank = out.layout().rank();
      int axis = op.axis();
      long[][] strides = {
        out.layout().strides(), index.layout().strides(), source.layout().strides()
      };
      this.index = new Index(op.name(), axis, out, index);
      this.source = source;
      this.out = out;
      this.from = CpuStorage.segment(source);
      this.to = CpuStorage.segment(out);
      this.fromStart = CpuStorage.start(source);
      this.toStart = CpuStorage.start(out);
      this.width = out.dtype().bytes();
      this.before = Space.of(index.shape(), strides, range(0, axis));
      this.after = Space.of(index.shape(), strides, range(axis + 1, rank));
      this.length = rank == 0 ? 1 : index.shape().size(axis);
      this.indexStep = rank == 0 ? 0 : strides[INDEX][axis];
      this.sourceStep = rank == 0 ? 0 : strides[SOURCE][axis];
    }

    private static int[] range(int from, int to) {
      return java.util.stream.IntStream.range(from, Math.max(from, to)).toArray();
    }

    /// Number of lines along the indexed axis.
    long columns() {
      return before.numel() * after.numel();
    }

    long grain() {
      return after.lastStride(INDEX) == 0
          ? Math.max(Costs.grain(length * 4), Math.min(after.lastSize(), ROW))
          : Costs.grain(length * 32);
    }

    /// Lines that differ in the axes after the indexed one are written together, row by row.
    void write(long at, long end) {
      Frame frame = frames.take();
      frame.reserve(2);
      Walk outer = new Walk(before, 3);
      Walk inner = new Walk(after, 3);
      for (long line = at; line < end; ) {
        long first = line % after.numel();
        long count = Math.min(end - line, after.numel() - first);
        outer.moveTo(line / after.numel());
        if (after.numel() == 1) {
          along(frame, outer);
          line++;
          continue;
        }
        for (long i = 0; i < length; i++) {
          inner.moveTo(first);
          rows(frame, outer, inner, i, count);
        }
        line += count;
      }
      frames.giveBack(frame);
    }

    private void rows(Frame frame, Walk outer, Walk inner, long i, long count) {
      for (long left = count; left > 0; ) {
        long run = Math.min(left, inner.run());
        long outAt = outer.offset(OUT) + inner.offset(OUT);
        long indexAt = outer.offset(INDEX) + inner.offset(INDEX) + i * indexStep;
        long sourceAt = outer.offset(SOURCE) + inner.offset(SOURCE) + i * sourceStep;
        if (after.lastStride(INDEX) == 0) {
          put(frame, outAt + index.at(indexAt), sourceAt, run);
        } else {
          long outStep = after.lastStride(OUT);
          each(
              frame,
              outAt,
              outStep,
              indexAt,
              after.lastStride(INDEX),
              sourceAt,
              after.lastStride(SOURCE),
              run);
        }
        inner.advance(run);
        left -= run;
      }
    }

    /// A line by itself.
    private void along(Frame frame, Walk outer) {
      each(
          frame,
          outer.offset(OUT),
          0,
          outer.offset(INDEX),
          indexStep,
          outer.offset(SOURCE),
          sourceStep,
          length);
    }

    /// Puts `n` elements, each where its own index says.
    private void each(
        Frame frame,
        long outAt,
        long outStep,
        long indexAt,
        long indexBy,
        long sourceAt,
        long sourceBy,
        long n) {
      for (long i = 0; i < n; i++) {
        long place = outAt + i * outStep + index.at(indexAt + i * indexBy);
        put(frame, place, sourceAt + i * sourceBy, 1);
      }
    }

    /// Puts `n` elements of the source, places counted in elements.
    private void put(Frame frame, long outAt, long sourceAt, long n) {
      long target = toStart + outAt * width;
      long origin = fromStart + sourceAt * source.dtype().bytes();
      switch (op.mode()) {
        case SET ->
            Words.copy(
                width,
                from,
                origin,
                after.lastStride(SOURCE),
                to,
                target,
                after.lastStride(OUT),
                n);
        case ADD -> {
          if (n > 1 || !addOne(target, origin)) {
            // Booleans add as or (rule DT-10).
            boolean or = out.dtype() == DType.BOOL;
            combine(frame, or ? Reduce.Kind.MAX : Reduce.Kind.SUM, target, origin, n);
          }
        }
        case MAX -> combine(frame, Reduce.Kind.MAX, target, origin, n);
      }
    }

    /// Adds one element, for the types that gradients and counts have; false for others.
    private boolean addOne(long target, long origin) {
      if (source.dtype() != out.dtype()) {
        return false;
      }
      return switch (out.dtype()) {
        case FLOAT32 -> {
          to.set(
              Elements.FLOAT,
              target,
              to.get(Elements.FLOAT, target) + from.get(Elements.FLOAT, origin));
          yield true;
        }
        case FLOAT64 -> {
          to.set(
              Elements.DOUBLE,
              target,
              to.get(Elements.DOUBLE, target) + from.get(Elements.DOUBLE, origin));
          yield true;
        }
        case INT64 -> {
          to.set(
              Elements.LONG,
              target,
              to.get(Elements.LONG, target) + from.get(Elements.LONG, origin));
          yield true;
        }
        case FLOAT16, BFLOAT16, INT32, INT16, INT8, UINT8, BOOL -> false;
      };
    }

    private void combine(Frame frame, Reduce.Kind kind, long target, long origin, long n) {
      long outStep = after.lastStride(OUT);
      long fromStep = after.lastStride(SOURCE);
      DType sourceType = source.dtype();
      for (long done = 0; done < n; done += Frame.BLOCK) {
        int count = (int) Math.min(Frame.BLOCK, n - done);
        long place = target + done * outStep * width;
        long piece = origin + done * fromStep * sourceType.bytes();
        Elements.load(out.dtype(), frame, 0, 0, to, place, outStep, count);
        Elements.load(sourceType, frame, 1, 0, from, piece, fromStep, count);
        frame.combine(Bank.of(out.dtype()), kind, 0, 0, 1, 0, count);
        Elements.store(out.dtype(), frame, 0, 0, to, place, outStep, count);
      }
    }
  }
}
