package dev.proteus.codegen;

import dev.proteus.expr.ExprKey;
import dev.proteus.expr.Step;
import dev.proteus.type.DType;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/// Prints an expression as C statements, one for each step, `t0` to the result.
final class Renderer {
  private final List<Step> steps;
  private final Reader reader;

  /// Where values come from.
  ///
  /// @param input the element of an operand, as an expression
  /// @param constant the 64 bits of a constant, by slot
  /// @param coordinate the output's coordinate along an axis
  record Reader(
      Function<Step.Input, String> input,
      IntFunction<String> constant,
      IntFunction<String> coordinate) {}

  Renderer(ExprKey key, Reader reader) {
    this.steps = key.steps();
    this.reader = reader;
  }

  /// The statements, each line indented by so much.
  String statements(String indent) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      text.append(indent)
          .append("const ")
          .append(CType.computed(step.dtype()))
          .append(' ')
          .append(name(i))
          .append(" = ")
          .append(value(step))
          .append(";\n");
    }
    return text.toString();
  }

  /// The name of the result.
  String result() {
    return name(steps.size() - 1);
  }

  private static String name(int step) {
    return "t" + step;
  }

  private String value(Step step) {
    return switch (step) {
      case Step.Input input -> reader.input().apply(input);
      case Step.Const(int slot, DType dtype) -> CType.passed(dtype, reader.constant().apply(slot));
      case Step.Coord(int axis) -> reader.coordinate().apply(axis);
      case Step.Cast(DType dtype, int arg) ->
          CType.converted(steps.get(arg).dtype(), dtype, name(arg));
      case Step.Call call -> called(call);
    };
  }

  private String called(Step.Call call) {
    DType operands = steps.get(call.args().getLast()).dtype();
    String value =
        Spelling.of(call.fn(), operands, call.args().stream().map(Renderer::name).toList());
    return CType.wrapped(call.dtype(), value);
  }
}
