package dev.proteus.backend.cpu;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Fn;
import dev.proteus.op.Copies;
import dev.proteus.op.Gather;
import dev.proteus.op.Map;
import dev.proteus.op.Primitive;
import dev.proteus.op.Reduce;
import dev.proteus.op.Scatter;
import dev.proteus.spi.Kernel;
import dev.proteus.type.DType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The kernels of the four primitives.
///
/// The ones used last are found by the operator itself, in a table where a new one takes the place
/// of an old one. It is written without a lock: entries are immutable, and a lost one is made
/// again.
final class PrimitiveKernels {
  private static final int SLOTS = 1 << 10;

  private final CpuBackend backend;
  private final Frames frames;
  private final Programs programs = new Programs();
  private final @Nullable Entry[] recent = new Entry[SLOTS];

  PrimitiveKernels(CpuBackend backend, Frames frames) {
    this.backend = backend;
    this.frames = frames;
  }

  private record Entry(Primitive op, Kernel kernel) {}

  Kernel of(Primitive op) {
    int hash = hash(op);
    int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
    Entry entry = recent[slot];
    if (entry != null && (entry.op == op || entry.op.equals(op))) {
      return entry.kernel;
    }
    Kernel kernel = CpuBackend.holding(make(op));
    recent[slot] = new Entry(op, kernel);
    return kernel;
  }

  /// Cheap, where a record's own hash would walk the whole expression.
  private static int hash(Primitive op) {
    return switch (op) {
      case Map map -> map.hashCode();
      case Reduce reduce ->
          31 * (31 * shallowHash(reduce.expr()) + reduce.axes().hashCode())
              + reduce.kind().hashCode();
      case Gather gather -> gather.axis();
      case Scatter scatter -> 31 * scatter.axis() + scatter.mode().hashCode();
    };
  }

  private static int shallowHash(Expr expr) {
    return switch (expr) {
      case Expr.Input(int index, DType dtype) -> 31 * index + dtype.hashCode();
      case Expr.Const(DType dtype, _) -> dtype.hashCode();
      case Expr.Coord(int axis) -> axis;
      case Expr.Cast(DType dtype, Expr arg) -> 31 * dtype.hashCode() + shallowHash(arg);
      case Expr.Call(Fn fn, DType dtype, List<Expr> args) ->
          31 * (31 * fn.hashCode() + dtype.hashCode()) + args.size();
    };
  }

  /// An expression without a last rounding to halves, which the store does anyway.
  private static Expr unrounded(Expr expr) {
    if (expr instanceof Expr.Cast(DType dtype, Expr arg) && dtype.isHalf()) {
      return Bank.of(arg.dtype()) == Bank.FLOATS ? arg : new Expr.Cast(DType.FLOAT32, arg);
    }
    return expr;
  }

  private Kernel map(Map map) {
    Kernel general = new MapKernel(programs.of(unrounded(map.expr())), frames, backend);
    return Copies.isCast(map)
        ? frames
            .loops()
            .casts()
            .<Kernel>map(casts -> new CastKernel(casts, backend.threads(), general))
            .orElse(general)
        : general;
  }

  private Kernel make(Primitive op) {
    return switch (op) {
      case Map map when map.expr() instanceof Expr.Input(int index, _) && index == 0 ->
          new CopyKernel(backend.threads());
      case Map map -> map(map);
      case Reduce reduce ->
          new ReduceKernel(reduce, programs.of(reduce.expr()), frames, backend.threads());
      case Gather gather -> new GatherKernel(gather, backend.threads());
      case Scatter scatter -> new ScatterKernel(scatter, backend, frames);
    };
  }
}
