package dev.proteus.nn.quant;

import dev.proteus.nn.Linear;
import dev.proteus.nn.Module;
import dev.proteus.tensor.Kind;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Replacement;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Brings the weights of linear layers into fewer bits.
///
/// The layers and their parameters stay what they are; the weights hold another content, which is
/// no longer learned. Such a module computes, moves, converts, saves, loads and swaps like any
/// other.
///
/// ```java
/// QuantizationReport report = Quantization.int8(model);
/// model.stateDict().save(file);
/// model.load(StateDict.load(file, Int8Weight.KIND));
/// ```
public final class Quantization {
  private Quantization() {}

  /// Makes the weight of each [Linear] an [Int8Weight], if it is of no kind yet.
  ///
  /// @throws IllegalArgumentException if a weight is not finite; nothing has changed then
  public static QuantizationReport int8(Module module) {
    return int8(module, _ -> true);
  }

  /// Makes the weight of each [Linear] an [Int8Weight] if `paths` accepts its path, such as
  /// `encoder.fc.weight`, and it is of no kind yet.
  ///
  /// @throws IllegalArgumentException if a weight is not finite; nothing has changed then
  public static QuantizationReport int8(Module module, Predicate<String> paths) {
    return replace(module, paths, Int8Weight::quantize);
  }

  /// Makes the weight of each [Linear] an [Int4Weight], if it is of no kind yet.
  ///
  /// @throws IllegalArgumentException if a weight is not finite or beyond float16; nothing has
  ///   changed then
  public static QuantizationReport int4(Module module) {
    return int4(module, _ -> true);
  }

  /// Makes the weight of each [Linear] an [Int4Weight] if `paths` accepts its path, such as
  /// `encoder.fc.weight`, and it is of no kind yet.
  ///
  /// @throws IllegalArgumentException if a weight is not finite or beyond float16; nothing has
  ///   changed then
  public static QuantizationReport int4(Module module, Predicate<String> paths) {
    return replace(module, paths, Int4Weight::quantize);
  }

  private static QuantizationReport replace(
      Module module, Predicate<String> paths, UnaryOperator<Tensor> quantize) {
    SequencedMap<String, Parameter> weights = weights(module, paths);
    return Scope.memory(() -> {
      List<Replacement> contents = new ArrayList<>();
      long before = 0;
      long after = 0;
      for (Parameter weight : weights.values()) {
        Tensor content = Scope.memory(() -> quantize.apply(weight));
        contents.add(new Replacement(weight, content));
        before += QuantizationReport.bytes(weight);
        after += QuantizationReport.bytes(content);
      }
      weights.values().forEach(weight -> weight.requiresGrad_(false).clearGrad());
      Tensor.replaceAll(contents);
      return new QuantizationReport(List.copyOf(weights.keySet()), before, after);
    });
  }

  /// The plain weights of linear layers by path, each under its first one.
  private static SequencedMap<String, Parameter> weights(Module module, Predicate<String> paths) {
    SequencedMap<String, Parameter> plain = new LinkedHashMap<>();
    module
        .namedModules()
        .forEach((path, each) -> {
          String name = path.isEmpty() ? "weight" : path + ".weight";
          if (each instanceof Linear linear
              && Kind.of(linear.weight()).isEmpty()
              && !plain.containsValue(linear.weight())
              && paths.test(name)) {
            plain.put(name, linear.weight());
          }
        });
    return plain;
  }
}
