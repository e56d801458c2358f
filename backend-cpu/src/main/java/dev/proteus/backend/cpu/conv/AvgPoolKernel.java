package dev.proteus.backend.cpu.conv;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.conv.ConvShape.Axis;
import dev.proteus.backend.cpu.memory.Volume;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.RowLoops;
import dev.proteus.backend.cpu.vector.Tiles;
import dev.proteus.op.AvgPool;
import dev.proteus.op.AvgPoolBackward;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// [AvgPool] and [AvgPoolBackward], tap by tap over the planes of a channel. Float64 is left to the
/// definitions.
public final class AvgPoolKernel {
  private static final Tiles<float[]> TILES = InnerLoops.CHOSEN.floats();
  private static final RowLoops LOOPS = InnerLoops.CHOSEN.rows();

  private AvgPoolKernel() {}

  private static boolean accepts(TensorSpec x) {
    int spatial = x.rank() - 2;
    return spatial >= 1
        && spatial <= 3
        && x.dtype() != DType.FLOAT64
        && x.shape().slice(2, x.rank()).numel() < 1 << 26;
  }

  private static PoolShape pool(AvgPool op, Shape x, Shape out) {
    return new PoolShape(
        x.slice(2, x.rank()),
        out.slice(2, x.rank()),
        op.kernel(),
        op.stride(),
        op.padding(),
        Collections.nCopies(op.kernel().size(), 1));
  }

  /// The kernel of [AvgPool] for such inputs, if there is one.
  public static Optional<Kernel> forward(CpuBackend backend, AvgPool op, List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    if (!accepts(x)) {
      return Optional.empty();
    }
    PoolShape pool = pool(op, x.shape(), op.infer(inputs).getFirst().shape());
    return Optional.of((in, out) -> forward(backend, op, pool, in.getFirst(), out.getFirst()));
  }

  private static void forward(
      CpuBackend backend, AvgPool op, PoolShape pool, Operand x, Operand out) {
    Volume from = Volume.of(x);
    Volume to = Volume.of(out);
    Planes planes = pool.planes();
    float[] factors = factors(op.divisor(), pool);
    Pools.forChannels(
        backend,
        x,
        (long) pool.span() * pool.taps(),
        (first, end) -> {
          float[] values = backend.scratch().floats(planes.channel() + Tiles.SLACK);
          float[] sums = backend.scratch().floats(pool.span() + Tiles.SLACK);
          for (long i = first; i < end; i++) {
            planes.fill(TILES, Pools.channel(x, from, i), 0, values);
            Arrays.fill(sums, 0, pool.span(), 0);
            for (int tap = 0; tap < pool.taps(); tap++) {
              LOOPS.add(sums, 0, values, pool.offset(tap), pool.span());
            }
            LOOPS.multiply(sums, 0, factors, 0, pool.span());
            Volume channel = Pools.channel(x, to, i);
            for (int d = 0; d < pool.windows(0); d++) {
              NativeMatrix slice = channel.at(0, d, 0, 0, channel.row(), channel.column());
              int at = planes.place(d, 0, 0);
              int pitch = planes.column().length();
              TILES.store(sums, at, pitch, pool.windows(1), pool.windows(2), slice, 0, 0);
            }
          }
          backend.scratch().give(values);
          backend.scratch().give(sums);
        });
  }

  /// The kernel of [AvgPoolBackward] for such inputs, if there is one.
  public static Optional<Kernel> backward(
      CpuBackend backend, AvgPoolBackward op, List<TensorSpec> inputs) {
    TensorSpec g = inputs.getFirst();
    if (!accepts(g)) {
      return Optional.empty();
    }
    PoolShape pool = pool(op.pool(), op.infer(inputs).getFirst().shape(), g.shape());
    return Optional.of((in, out) -> backward(backend, op, pool, in.getFirst(), out.getFirst()));
  }

  private static void backward(
      CpuBackend backend, AvgPoolBackward op, PoolShape pool, Operand g, Operand gx) {
    Volume from = Volume.of(g);
    Volume to = Volume.of(gx);
    Planes planes = pool.planes();
    float[] factors = factors(op.pool().divisor(), pool);
    Pools.forChannels(
        backend,
        g,
        (long) pool.span() * pool.taps(),
        (first, end) -> {
          float[] sums = backend.scratch().floats(planes.channel() + Tiles.SLACK);
          float[] gradients = backend.scratch().floats(pool.span() + Tiles.SLACK);
          for (long i = first; i < end; i++) {
            Arrays.fill(gradients, 0, pool.span(), 0);
            Volume channel = Pools.channel(g, from, i);
            for (int d = 0; d < pool.windows(0); d++) {
              NativeMatrix slice = channel.at(0, d, 0, 0, channel.row(), channel.column());
              int at = planes.place(d, 0, 0);
              int pitch = planes.column().length();
              TILES.load(slice, 0, 0, pool.windows(1), pool.windows(2), gradients, at, pitch);
            }
            LOOPS.multiply(gradients, 0, factors, 0, pool.span());
            Arrays.fill(sums, 0, planes.channel(), 0);
            for (int tap = 0; tap < pool.taps(); tap++) {
              LOOPS.add(sums, pool.offset(tap), gradients, 0, pool.span());
            }
            Volume result = Pools.channel(g, to, i);
            if (!pool.isCovering()) {
              clear(pool, result);
            }
            planes.drain(TILES, sums, result);
          }
          backend.scratch().give(sums);
          backend.scratch().give(gradients);
        });
  }

  private static void clear(PoolShape pool, Volume channel) {
    int rows = pool.axes().get(1).size();
    int columns = pool.axes().get(2).size();
    float[] zeros = new float[rows * columns];
    for (int d = 0; d < pool.axes().get(0).size(); d++) {
      NativeMatrix slice = channel.at(0, d, 0, 0, channel.row(), channel.column());
      TILES.store(zeros, 0, columns, rows, columns, slice, 0, 0);
    }
  }

  /// What the sum of each window is multiplied by; 0 at plane indices that are no windows.
  private static float[] factors(AvgPool.Divisor divisor, PoolShape pool) {
    float[] factors = new float[pool.span()];
    for (int d = 0; d < pool.windows(0); d++) {
      for (int h = 0; h < pool.windows(1); h++) {
        for (int w = 0; w < pool.windows(2); w++) {
          long count =
              switch (divisor) {
                case AvgPool.Divisor.Fixed(int value) -> value;
                case AvgPool.Divisor.Counted counted ->
                    (long) counted(counted, pool.axes().get(0), d)
                        * counted(counted, pool.axes().get(1), h)
                        * counted(counted, pool.axes().get(2), w);
              };
          factors[pool.planes().place(d, h, w)] = (float) (1.0 / count);
        }
      }
    }
    return factors;
  }

  private static int counted(AvgPool.Divisor.Counted counted, Axis axis, int window) {
    return switch (counted) {
      case WITH_PADDING -> PoolShape.counted(axis, window, axis.padding());
      case WITHOUT_PADDING -> PoolShape.counted(axis, window, 0);
    };
  }
}
