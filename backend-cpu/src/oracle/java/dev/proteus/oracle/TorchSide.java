package dev.proteus.oracle;

import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Runs a case with PyTorch.
final class TorchSide {
  /// What PyTorch says of calls that it has no kernel for.
  private static final List<String> LACKING =
      List.of(
          "not implemented",
          "internal assert",
          "not supported for",
          "not yet implemented",
          "unsupported",
          "only supports",
          "must be contiguous");

  private final Rule rule;
  private final Case drawn;
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final List<Tensor> bases = new ArrayList<>();
  private final List<Tensor> leaves = new ArrayList<>();

  private TorchSide(Rule rule, Case drawn) {
    this.rule = rule;
    this.drawn = drawn;
  }

  /// All native memory is free again when this returns.
  static Outcome run(Rule rule, Case drawn) {
    try (PointerScope _ = new PointerScope();
        AutoGradMode _ = new AutoGradMode(true)) {
      TorchSide side = new TorchSide(rule, drawn);
      side.place();
      return new Outcome.Results(side.results(rule.torch()));
    } catch (IllegalArgumentException | IllegalStateException | NullPointerException e) {
      return new Outcome.Breakdown("the rule is wrong: " + e.getMessage());
    } catch (RuntimeException e) {
      String message = firstLine(String.valueOf(e.getMessage()));
      String lower = message.toLowerCase(Locale.ROOT);
      return LACKING.stream().anyMatch(lower::contains)
          ? new Outcome.Lacking(message)
          : new Outcome.Refusal(message);
    }
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }

  private void place() {
    drawn.arguments().forEach((name, value) -> slots.put(name, slot(value)));
  }

  private Slot slot(Value value) {
    return switch (value) {
      case Operand operand -> new Slot.Tensors(List.of(tensor(operand)));
      case Value.Operands(List<Operand> all) ->
          new Slot.Tensors(all.stream().map(this::tensor).toList());
      case Value.Whole _, Value.Real _, Value.Truth _, Value.Wholes _, Value.Reals _ ->
          new Slot.Plain(value);
      case Value.Word _, Value.Absent _ -> new Slot.Plain(value);
    };
  }

  private Tensor tensor(Operand operand) {
    Shape shape = operand.shape();
    Tensor base = Torch.of(operand.placement().base(shape), operand.dtype(), operand.bytes());
    bases.add(base);
    Tensor view = Torch.view(base, shape, operand.placement().strides(shape));
    if (drawn.wantsGradients() && operand.hasGradient()) {
      Tensor leaf = view.detach().requires_grad_(true);
      leaves.add(leaf);
      return leaf;
    }
    return view;
  }

  private List<Elements> results(Formula formula) {
    return switch (drawn.mode()) {
      case VALUE -> values(evaluate(formula));
      case INPLACE -> written(rule.inPlace().orElseThrow().torch());
      case GRAD -> gradients(evaluate(formula), Create.NONE).readWithFlags();
      case GRADGRAD ->
          gradients(gradients(evaluate(formula), Create.GRAPH).all(), Create.NONE).read();
    };
  }

  private List<Elements> values(List<Tensor> outputs) {
    List<Elements> results = new ArrayList<>(outputs.stream().map(Torch::read).toList());
    if (rule.traits().contains(Rule.Trait.VIEW)) {
      Tensor base = bases.getFirst();
      results.add(Elements.flags(outputs.stream().map(each -> each.is_alias_of(base)).toList()));
    }
    return results;
  }

  private List<Elements> written(Formula formula) {
    List<Elements> results = new ArrayList<>();
    evaluate(formula).forEach(result -> results.add(Torch.read(result)));
    results.add(Torch.read(bases.getFirst()));
    return results;
  }

  /// Gradients of the leaves.
  ///
  /// @param flags which of the outputs have a gradient
  private record Gradients(List<Boolean> flags, List<Tensor> all) {
    List<Elements> read() {
      return all.stream().map(Torch::read).toList();
    }

    List<Elements> readWithFlags() {
      List<Elements> results = new ArrayList<>(List.of(Elements.flags(flags)));
      results.addAll(read());
      return results;
    }
  }

  private enum Create {
    NONE,
    GRAPH
  }

  private Gradients gradients(List<Tensor> outputs, Create create) {
    List<Boolean> flags = outputs.stream().map(Tensor::requires_grad).toList();
    TensorVector differentiable = new TensorVector();
    TensorVector cotangents = new TensorVector();
    for (int i = 0; i < outputs.size(); i++) {
      if (flags.get(i)) {
        Tensor output = outputs.get(i);
        Operand like = Case.cotangent(Torch.dtype(output.scalar_type()), Torch.shape(output), i);
        differentiable.push_back(output);
        cotangents.push_back(Torch.of(like.shape(), like.dtype(), like.bytes()));
      }
    }
    if (differentiable.empty()) {
      return new Gradients(flags, leaves.stream().map(torch::zeros_like).toList());
    }
    TensorVector wanted = new TensorVector(leaves.toArray(new Tensor[0]));
    TensorVector grads =
        torch.grad(
            differentiable,
            wanted,
            cotangents,
            new BoolOptional(true),
            create == Create.GRAPH,
            true);
    List<Tensor> all = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      Tensor grad = grads.get(i);
      all.add(grad.defined() ? grad : torch.zeros_like(leaves.get(i)));
    }
    return new Gradients(flags, all);
  }

  private List<Tensor> evaluate(Formula formula) {
    return switch (formula) {
      case Formula.Call(String operator, String overload, List<Formula> operands, var given) ->
          Torch.call(
              Torch.schema(operator, overload),
              given == Formula.Operands.NAMED
                  ? operands.stream().map(this::operand).toList()
                  : List.copyOf(slots.values()));
      case Formula.Pick(Formula call, int index) -> List.of(evaluate(call).get(index));
      case Formula.Several(List<Formula> all) ->
          all.stream().flatMap(each -> evaluate(each).stream()).toList();
      case Formula.Hosted(TorchCall call) -> call.apply(drawn, allOperands());
      case Formula.Argument(String name) -> tensors(name);
      case Formula.Literal(Value value) ->
          throw new IllegalArgumentException("torch: " + value + " is no tensor");
    };
  }

  private List<Tensor> allOperands() {
    return slots.values().stream()
        .<Tensor>mapMulti((slot, to) -> {
          if (slot instanceof Slot.Tensors(List<Tensor> all)) {
            all.forEach(to);
          }
        })
        .toList();
  }

  private Slot operand(Formula formula) {
    return switch (formula) {
      case Formula.Argument(String name) -> slot(name);
      case Formula.Literal(Value value) -> new Slot.Plain(value);
      case Formula.Call _, Formula.Pick _, Formula.Several _, Formula.Hosted _ ->
          new Slot.Tensors(evaluate(formula));
    };
  }

  private Slot slot(String name) {
    Slot slot = slots.get(name);
    if (slot == null) {
      throw new IllegalArgumentException("torch: no argument " + name + " in " + drawn);
    }
    return slot;
  }

  private List<Tensor> tensors(String name) {
    return switch (slot(name)) {
      case Slot.Tensors(List<Tensor> all) -> all;
      case Slot.Plain(Value value) ->
          throw new IllegalArgumentException("torch: " + value + " is no tensor");
    };
  }
}
