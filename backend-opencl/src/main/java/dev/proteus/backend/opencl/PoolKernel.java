package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Buffer;
import dev.proteus.codegen.Pooling;
import dev.proteus.codegen.Pooling.Edge;
import dev.proteus.codegen.WindowAxis;
import dev.proteus.codegen.WrittenSource;
import dev.proteus.op.AvgPool;
import dev.proteus.op.AvgPoolBackward;
import dev.proteus.op.MaxPool;
import dev.proteus.op.MaxPoolBackward;
import dev.proteus.op.Rounding;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// [MaxPool], [AvgPool] and their gradients over one to three spatial axes, of floating types.
final class PoolKernel {
  private PoolKernel() {}

  static Optional<Kernel> max(OpenClBackend backend, MaxPool op, List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    Shape out = op.infer(inputs).getFirst().shape();
    if (!accepts(x, out)) {
      return Optional.empty();
    }
    List<WindowAxis> axes =
        WindowAxis.of(
            spatial(x.shape()),
            spatial(out),
            sizes(op.kernel()),
            op.stride(),
            op.padding(),
            op.dilation());
    return Optional.of(
        kernel(
            backend,
            new Pooling(
                Pooling.Kind.MAX,
                x.dtype(),
                planes(x),
                axes,
                edge(op.rounding(), op.padding()),
                0)));
  }

  static Optional<Kernel> average(OpenClBackend backend, AvgPool op, List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    Shape out = op.infer(inputs).getFirst().shape();
    return accepts(x, out) && hasDivisor(op)
        ? Optional.of(kernel(backend, average(op, Pooling.Kind.AVG, x, out)))
        : Optional.empty();
  }

  static Optional<Kernel> averageBackward(
      OpenClBackend backend, AvgPoolBackward op, List<TensorSpec> inputs) {
    TensorSpec x = op.infer(inputs).getFirst();
    Shape out = inputs.getFirst().shape();
    return accepts(x, out) && hasDivisor(op.pool())
        ? Optional.of(kernel(backend, average(op.pool(), Pooling.Kind.AVG_BACKWARD, x, out)))
        : Optional.empty();
  }

  private static Pooling average(AvgPool op, Pooling.Kind kind, TensorSpec x, Shape out) {
    List<WindowAxis> axes =
        WindowAxis.of(
            spatial(x.shape()),
            spatial(out),
            sizes(op.kernel()),
            op.stride(),
            op.padding(),
            Collections.nCopies(op.kernel().size(), 1));
    long divisor =
        switch (op.divisor()) {
          case AvgPool.Divisor.Fixed(int value) -> value;
          case AvgPool.Divisor.Counted.WITH_PADDING -> Pooling.WITH_PADDING;
          case AvgPool.Divisor.Counted.WITHOUT_PADDING -> Pooling.WITHOUT_PADDING;
        };
    return new Pooling(
        kind, x.dtype(), planes(x), axes, edge(op.rounding(), op.padding()), divisor);
  }

  /// One team adds up what falls into one plane, in order. Halves are left to the definition, which
  /// keeps their sums in float32.
  static Optional<Kernel> maxBackward(
      OpenClBackend backend, MaxPoolBackward op, List<TensorSpec> inputs) {
    TensorSpec x = op.infer(inputs).getFirst();
    Shape out = inputs.getFirst().shape();
    if (!accepts(x, out) || x.dtype().isHalf()) {
      return Optional.empty();
    }
    WrittenSource source = new WrittenSource("max_pool_backward", "max_pool_backward.c", x.dtype());
    Shape indexed = Shape.of(planes(x), spatial(x.shape()).numel());
    Shape rows = Shape.of(planes(x), spatial(out).numel());
    return Optional.of(
        Dense.of(
            backend,
            (in, results) -> {
              Operand index = in.get(1);
              IndexedKernel.check(
                  backend,
                  op.name(),
                  1,
                  indexed,
                  index.withLayout(index.layout().reshape(rows).orElseThrow()));
              long[] words = {
                indexed.size(0),
                indexed.size(1),
                rows.size(1),
                in.get(0).layout().offset(),
                index.layout().offset(),
                results.getFirst().layout().offset()
              };
              Programs programs = backend.programs();
              programs.launchTeams(
                  programs.entry(source),
                  buffers(in, results),
                  Arrays.copyOf(words, WrittenSource.WORDS),
                  indexed.size(0),
                  x.numel());
            }));
  }

  private static Kernel kernel(OpenClBackend backend, Pooling pooling) {
    return Dense.of(
        backend,
        (in, results) -> {
          long[] words = pooling.words();
          words[11] = in.getFirst().layout().offset();
          for (int i = 0; i < results.size(); i++) {
            words[12 + i] = results.get(i).layout().offset();
          }
          Programs programs = backend.programs();
          programs.launch(
              programs.entry(pooling.source()),
              buffers(in, results),
              words,
              results.getFirst().layout().numel());
        });
  }

  private static List<Buffer> buffers(List<Operand> inputs, List<Operand> results) {
    return Stream.concat(inputs.stream(), results.stream()).map(OpenClStorage::buffer).toList();
  }

  /// Whether the divisor is one that the kernels take for a number.
  private static boolean hasDivisor(AvgPool op) {
    return !(op.divisor() instanceof AvgPool.Divisor.Fixed(int value)) || value > 0;
  }

  private static boolean accepts(TensorSpec x, Shape out) {
    int spatial = x.rank() - 2;
    return spatial >= 1
        && spatial <= WindowAxis.AXES
        && x.dtype().isFloating()
        && x.numel() > 0
        && out.numel() > 0;
  }

  private static long planes(TensorSpec x) {
    return x.shape().size(0) * x.shape().size(1);
  }

  private static Shape spatial(Shape shape) {
    return shape.slice(2, shape.rank());
  }

  private static Shape sizes(List<Integer> kernel) {
    return Shape.of(kernel.stream().mapToLong(Integer::longValue).toArray());
  }

  /// Windows of which none is only partly there stay inside if nothing is added at the ends.
  private static Edge edge(Rounding rounding, List<Integer> padding) {
    return rounding == Rounding.FLOOR && padding.stream().allMatch(p -> p == 0)
        ? Edge.INSIDE
        : Edge.CROSSED;
  }
}
