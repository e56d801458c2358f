package dev.proteus.optim;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// What the tests of optimizers are made of.
final class Sample {
  private Sample() {}

  /// A parameter of one element, 1.
  static Parameter one() {
    return Parameter.of(Tensor.of(1.0));
  }

  static void setGrad(Tensor p, double value) {
    p.setGrad(p.fullLike(value));
  }

  /// Some parameters of one element by name.
  static SequencedMap<String, Parameter> named(String... names) {
    SequencedMap<String, Parameter> parameters = new LinkedHashMap<>();
    for (String name : names) {
      parameters.put(name, one());
    }
    return parameters;
  }

  static Tensor remembered(Optimizer<?> optimizer, Tensor parameter, String name) {
    var tensors = optimizer.state(parameter).orElseThrow().tensors();
    return Objects.requireNonNull(tensors.get(name), name);
  }

  static void refused(Class<? extends Exception> type, Runnable call, String... parts) {
    var error = assertThrows(type, call::run);
    for (String part : parts) {
      assertTrue(String.valueOf(error.getMessage()).contains(part), error::getMessage);
    }
  }

  /// A way to make an optimizer of named parameters.
  record Maker(
      String name,
      BiFunction<SequencedMap<String, ? extends Tensor>, StateType, Optimizer<?>> make) {
    Optimizer<?> of(SequencedMap<String, ? extends Tensor> parameters) {
      return of(parameters, StateType.MATCH);
    }

    Optimizer<?> of(SequencedMap<String, ? extends Tensor> parameters, StateType type) {
      return make.apply(parameters, type);
    }
  }

  /// Every optimizer that remembers something, with all it can remember.
  static Stream<Maker> makers() {
    AdamOptions adam = new AdamOptions(0.1).withWeightDecay(0.1);
    MomentOptions moments = new MomentOptions(0.1).withWeightDecay(0.1);
    return Stream.of(
        maker("sgd", new Sgd.Options(0.1).withNesterov(0.9), Sgd::new),
        maker("adam", adam.withAmsgrad(), Adam::new),
        maker("adamW", adam, AdamW::new),
        maker(
            "rmsProp",
            new RmsProp.Options(0.1).withMomentum(0.9).withSpread(RmsProp.Spread.CENTERED),
            RmsProp::new),
        maker("adagrad", new Adagrad.Options(0.1).withInitial(0.1), Adagrad::new),
        maker("adadelta", new Adadelta.Options(1).withWeightDecay(0.1), Adadelta::new),
        maker("adamax", moments, Adamax::new),
        maker("nAdam", moments, NAdam::new),
        maker("rAdam", moments, RAdam::new));
  }

  private static <O extends Hyperparameters<O>> Maker maker(
      String name, O options, BiFunction<List<ParamGroup<O>>, StateType, Optimizer<O>> make) {
    return new Maker(name, (p, type) -> make.apply(List.of(ParamGroup.named(p, options)), type));
  }
}
