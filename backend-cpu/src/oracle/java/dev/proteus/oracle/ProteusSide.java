package dev.proteus.oracle;

import dev.proteus.error.TensorException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.tensor.BackwardOptions;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs a case with Proteus.
final class ProteusSide {
  private static final BackwardOptions LAST =
      BackwardOptions.DEFAULT.withUnused(BackwardOptions.Unused.ZEROS);

  private static final BackwardOptions FIRST = LAST.withGraph(BackwardOptions.Graph.CREATE);

  private final Rule rule;
  private final Case drawn;
  private final List<Tensor> bases = new ArrayList<>();
  private final List<Tensor> leaves = new ArrayList<>();

  private ProteusSide(Rule rule, Case drawn) {
    this.rule = rule;
    this.drawn = drawn;
  }

  static Outcome run(Rule rule, Case drawn) {
    List<Elements> results = new ArrayList<>();
    try {
      Scope.memory(() -> results.addAll(new ProteusSide(rule, drawn).results()));
      return new Outcome.Results(results);
    } catch (TensorException
        | TensorIndexException
        | IllegalArgumentException
        | ArithmeticException e) {
      return new Outcome.Refusal(String.valueOf(e.getMessage()));
    } catch (RuntimeException | AssertionError e) {
      return new Outcome.Breakdown(e + trace(e));
    }
  }

  private static String trace(Throwable e) {
    StackTraceElement[] frames = e.getStackTrace();
    return frames.length == 0 ? "" : " at " + frames[0];
  }

  private List<Elements> results() {
    Map<String, List<Tensor>> tensors = new LinkedHashMap<>();
    drawn.arguments().forEach((name, value) -> tensors.put(name, tensors(value)));
    Given given = new Given(drawn, tensors);
    return switch (drawn.mode()) {
      case VALUE -> values(rule.proteus().apply(given));
      case INPLACE -> written(given);
      case GRAD -> gradients(rule.proteus().apply(given), LAST).readWithFlags();
      case GRADGRAD -> gradients(gradients(rule.proteus().apply(given), FIRST).all(), LAST).read();
    };
  }

  private List<Tensor> tensors(Value value) {
    return switch (value) {
      case Operand operand -> List.of(tensor(operand));
      case Value.Operands(List<Operand> all) -> all.stream().map(this::tensor).toList();
      case Value.Whole _, Value.Real _, Value.Truth _, Value.Wholes _, Value.Reals _ -> List.of();
      case Value.Word _, Value.Absent _ -> List.of();
    };
  }

  private Tensor tensor(Operand operand) {
    Tensor base = operand.base();
    bases.add(base);
    Tensor view = operand.placement().view(base, operand.shape());
    if (drawn.wantsGradients() && operand.hasGradient()) {
      Tensor leaf = view.detach().requiresGrad_(true);
      leaves.add(leaf);
      return leaf;
    }
    return view;
  }

  private List<Elements> values(List<Tensor> outputs) {
    List<Elements> results = new ArrayList<>(outputs.stream().map(ProteusSide::read).toList());
    if (rule.traits().contains(Rule.Trait.VIEW)) {
      Tensor base = bases.getFirst();
      results.add(
          Elements.flags(outputs.stream().map(each -> each.sharesStorageWith(base)).toList()));
    }
    return results;
  }

  static Elements read(Tensor tensor) {
    return new Elements(tensor.dtype(), tensor.shape(), tensor.toBytes());
  }

  private List<Elements> written(Given given) {
    Tensor base = bases.getFirst();
    Elements before = read(base);
    try {
      List<Elements> results = new ArrayList<>();
      rule.inPlace()
          .orElseThrow()
          .proteus()
          .apply(given)
          .forEach(result -> results.add(read(result)));
      results.add(read(base));
      return results;
    } catch (TensorException | TensorIndexException | IllegalArgumentException e) {
      if (!before.sameBytes(read(base))) {
        throw new AssertionError("refused, but written: " + e.getMessage(), e);
      }
      throw e;
    }
  }

  /// Gradients of the leaves.
  ///
  /// @param flags which of the outputs have a gradient
  private record Gradients(List<Boolean> flags, List<Tensor> all) {
    List<Elements> read() {
      return all.stream().map(ProteusSide::read).toList();
    }

    List<Elements> readWithFlags() {
      List<Elements> results = new ArrayList<>(List.of(Elements.flags(flags)));
      results.addAll(read());
      return results;
    }
  }

  private Gradients gradients(List<Tensor> outputs, BackwardOptions options) {
    List<Boolean> flags = outputs.stream().map(Tensor::requiresGrad).toList();
    List<Tensor> differentiable = new ArrayList<>();
    List<Tensor> cotangents = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      if (flags.get(i)) {
        Tensor output = outputs.get(i);
        differentiable.add(output);
        cotangents.add(Case.cotangent(output.dtype(), output.shape(), i).base());
      }
    }
    return new Gradients(
        flags,
        differentiable.isEmpty()
            ? leaves.stream().map(Tensor::zerosLike).toList()
            : Tensor.grad(differentiable, leaves, cotangents, options));
  }
}
