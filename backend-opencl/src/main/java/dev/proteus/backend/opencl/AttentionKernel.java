package dev.proteus.backend.opencl;

import dev.proteus.codegen.Product;
import dev.proteus.codegen.WrittenSource;
import dev.proteus.op.Attention;
import dev.proteus.op.Attention.Causality;
import dev.proteus.op.AttentionBackward;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// [Attention] and its gradients: products, between which one kernel makes weights of scores. As
/// many heads are worked on at a time as leave their scores room in [#ROOM].
final class AttentionKernel {
  /// Bytes of the scores of all heads that are worked on at a time, unless one alone has more.
  private static final long ROOM = 1L << 26;

  private AttentionKernel() {}

  static Optional<Kernel> forward(OpenClBackend backend, Attention op, List<TensorSpec> inputs) {
    Shape result = op.infer(inputs).getFirst().shape();
    return accepts(inputs, result)
        ? Optional.of((in, out) -> {
          for (Heads heads : heads(in, out, result)) {
            new Run(backend, op.scale(), op.causality(), heads).forward();
          }
        })
        : Optional.empty();
  }

  /// What is broadcast gets a sum over heads, and a learned mask one over queries: both are left to
  /// the definition.
  static Optional<Kernel> backward(
      OpenClBackend backend, AttentionBackward op, List<TensorSpec> inputs) {
    Shape result = inputs.getFirst().shape();
    Shape batch = batch(result);
    boolean isPlain =
        op.mask() == AttentionBackward.Mask.CONSTANT
            && inputs.subList(1, 4).stream().allMatch(x -> batch(x.shape()).equals(batch));
    return isPlain && accepts(inputs.subList(1, inputs.size()), result)
        ? Optional.of((in, out) -> {
          List<Operand> results = new ArrayList<>(out);
          results.add(in.getFirst());
          for (Heads heads : heads(in.subList(1, in.size()), results, result)) {
            new Run(backend, op.scale(), op.causality(), heads).backward();
          }
        })
        : Optional.empty();
  }

  private static boolean accepts(List<TensorSpec> inputs, Shape result) {
    return inputs.getFirst().dtype().isFloating()
        && result.rank() <= Product.AXES + 2
        && result.numel() > 0
        && inputs.stream().allMatch(x -> x.numel() > 0);
  }

  private static Shape batch(Shape shape) {
    return shape.slice(0, shape.rank() - 2);
  }

  /// Operands for some of the heads: q, k, v and perhaps a mask, and what else has heads.
  ///
  /// @param scores the shape of the scores
  private record Heads(List<Operand> inputs, List<Operand> others, Shape scores) {}

  /// All heads, cut along the longest batch axis.
  private static List<Heads> heads(List<Operand> in, List<Operand> others, Shape result) {
    Shape batch = batch(result);
    Shape scores = batch.concat(Shape.of(in.get(0).shape().size(-2), in.get(1).shape().size(-2)));
    List<Operand> inputs = in.stream().map(x -> expanded(x, batch, scores)).toList();
    int longest = 0;
    for (int axis = 1; axis < batch.rank(); axis++) {
      longest = batch.size(axis) > batch.size(longest) ? axis : longest;
    }
    long size = batch.rank() == 0 ? 1 : batch.size(longest);
    long bytes = scores.numel() / size * in.getFirst().dtype().accumulator().bytes();
    long together = Math.clamp(ROOM / bytes, 1, size);
    List<Heads> all = new ArrayList<>();
    for (long from = 0; from < size; from += together) {
      long count = Math.min(together, size - from);
      all.add(
          batch.rank() == 0
              ? new Heads(inputs, others, scores)
              : new Heads(
                  some(inputs, longest, from, count),
                  some(others, longest, from, count),
                  scores.with(longest, count)));
    }
    return all;
  }

  /// An operand with all batch axes; a mask with those of the scores.
  private static Operand expanded(Operand x, Shape batch, Shape scores) {
    Shape own = x.shape();
    boolean isMask = own.rank() < 2;
    Shape matrix =
        isMask ? scores.slice(batch.rank(), scores.rank()) : own.slice(own.rank() - 2, own.rank());
    return x.withLayout(x.layout().expand(batch.concat(matrix)));
  }

  private static List<Operand> some(List<Operand> operands, int axis, long from, long count) {
    return operands.stream()
        .map(x -> x.withLayout(x.layout().slice(axis, from, count, 1)))
        .toList();
  }

  /// One run over some heads.
  private record Run(OpenClBackend backend, double scale, Causality causality, Heads heads) {
    private Operand input(int i) {
      return heads.inputs().get(i);
    }

    private static Operand turned(Operand x) {
      int rank = x.shape().rank();
      int[] order = new int[rank];
      for (int axis = 0; axis < rank; axis++) {
        order[axis] = axis;
      }
      order[rank - 2] = rank - 1;
      order[rank - 1] = rank - 2;
      return x.withLayout(x.layout().permute(order));
    }

    private void multiply(Operand a, Operand b, Operand c) {
      new MatrixProduct(a, b, c).run(backend);
    }

    private Operand room(Scratch scratch) {
      return scratch.of(input(0).dtype().accumulator(), heads.scores());
    }

    void forward() {
      try (Scratch scratch = new Scratch(backend)) {
        Operand weights = room(scratch);
        weigh(weights);
        multiply(weights, input(2), heads.others().getFirst());
      }
    }

    void backward() {
      try (Scratch scratch = new Scratch(backend)) {
        backward(room(scratch), room(scratch), heads.others().get(3));
      }
    }

    private void backward(Operand weights, Operand scores, Operand g) {
      weigh(weights);
      multiply(turned(weights), g, heads.others().get(2));
      multiply(g, turned(input(2)), scores);
      long[] words = new long[WrittenSource.WORDS];
      words[0] = heads.scores().numel() / heads.scores().size(-1);
      words[1] = heads.scores().size(-1);
      words[3] = Words.bits(scores.dtype(), Scalar.of(scale));
      launch("attention_gradients", Map.of(), scores, weights, words);
      multiply(scores, input(1), heads.others().get(0));
      multiply(turned(scores), input(0), heads.others().get(1));
    }

    /// Fills `weights` with what each query takes of each key.
    private void weigh(Operand weights) {
      multiply(input(0), turned(input(1)), weights);
      Shape scores = heads.scores();
      long[] words = new long[WrittenSource.WORDS];
      words[0] = scores.numel() / scores.size(-1);
      words[1] = scores.size(-1);
      words[2] = scores.size(-2);
      words[3] = Words.bits(weights.dtype(), Scalar.of(scale));
      int axes = scores.rank() - 2;
      for (int axis = 0; axis < Product.AXES; axis++) {
        words[4 + axis] = axis < axes ? scores.size(axis) : 1;
      }
      int mask = 0;
      Operand masked = weights;
      if (heads.inputs().size() > 3) {
        masked = input(3);
        Layout layout = masked.layout().expand(scores);
        mask = masked.dtype() == DType.BOOL ? 1 : 2;
        for (int axis = 0; axis < axes; axis++) {
          words[8 + axis] = layout.stride(axis);
        }
        words[12] = layout.offset();
        words[13] = layout.stride(-2);
        words[14] = layout.stride(-1);
      }
      Map<String, Integer> numbers =
          Map.of("MASK", mask, "CAUSAL", causality == Causality.CAUSAL ? 1 : 0);
      launch("attention_weights", numbers, weights, masked, words);
    }

    private void launch(
        String entry, Map<String, Integer> numbers, Operand line, Operand other, long[] words) {
      Programs programs = backend.programs();
      WrittenSource source =
          new WrittenSource(entry, List.of("teams.h", entry + ".c"), input(0).dtype(), numbers);
      programs.launchTeams(
          programs.entry(source),
          List.of(OpenClStorage.buffer(line), OpenClStorage.buffer(other)),
          words,
          words[0],
          heads.scores().numel());
    }
  }
}
