package dev.proteus.optim;

import dev.proteus.error.StateDictException;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// An optimizer's state as a state dict, and back: everything is checked and copied before anything
/// is taken over.
final class OptimizerState<O extends Hyperparameters<O>> {
  private static final String GROUPS = "groups";
  private static final String PARAMETERS = "parameters";
  private static final String INITIAL_LR = "initial_lr";
  private static final String STEP = "step";

  private final Optimizer<O> optimizer;

  OptimizerState(Optimizer<O> optimizer) {
    this.optimizer = optimizer;
  }

  // ---- save

  StateDict save() {
    StateDict.Builder builder = StateDict.builder();
    builder.metadata(GROUPS, String.valueOf(optimizer.groups().size()));
    int first = 0;
    for (int g = 0; g < optimizer.groups().size(); g++) {
      ParamGroup<O> group = optimizer.groups().get(g);
      String prefix = "group." + g + ".";
      int size = group.parameters().size();
      builder.metadata(prefix + PARAMETERS, joined(first, size));
      group.options().toTexts().forEach((name, text) -> builder.metadata(prefix + name, text));
      group.initialLr().ifPresent(lr -> builder.metadata(prefix + INITIAL_LR, Double.toString(lr)));
      for (int i = 0; i < size; i++) {
        save(group, i, first + i, builder);
      }
      first += size;
    }
    return builder.build();
  }

  private static String joined(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(","));
  }

  private void save(ParamGroup<O> group, int place, int index, StateDict.Builder builder) {
    if (!group.names().isEmpty()) {
      builder.metadata("parameter." + index, group.names().get(place));
    }
    optimizer
        .state(group.parameters().get(place))
        .ifPresent(state -> {
          String prefix = "state." + index + ".";
          builder.put(prefix + STEP, count(state.steps()));
          state.tensors().forEach((name, t) -> builder.put(prefix + name, t.detach()));
        });
  }

  /// The number of steps as PyTorch keeps it (rule OP-23).
  private static Tensor count(long steps) {
    return Scope.withDType(DType.FLOAT32, () -> Tensor.scalar((double) steps));
  }

  // ---- load

  /// What a group becomes.
  private record Loaded<O>(O options, OptionalDouble initialLr) {}

  void load(StateDict dict) {
    List<Loaded<O>> loaded = new ArrayList<>();
    Map<Tensor, ParamState> states = new LinkedHashMap<>();
    Scope.noGrad(() ->
        Scope.memory(() -> {
          checkGroups(dict);
          for (int g = 0; g < optimizer.groups().size(); g++) {
            loadGroup(dict, g, loaded, states);
          }
          states.values().forEach(s -> s.tensors().values().forEach(Scope::keep));
        }));
    for (int g = 0; g < loaded.size(); g++) {
      optimizer.groups().get(g).options(loaded.get(g).options());
      optimizer.groups().get(g).initialLr(loaded.get(g).initialLr());
    }
    optimizer.replaceStates(states);
  }

  private void checkGroups(StateDict dict) {
    String groups = dict.metadata().getOrDefault(GROUPS, "none");
    int own = optimizer.groups().size();
    if (!groups.equals(String.valueOf(own))) {
      throw new IllegalArgumentException(
          "optimizer: the state dict has %s groups, the optimizer %s (rule OP-31)"
              .formatted(groups, own));
    }
  }

  private void loadGroup(
      StateDict dict, int g, List<Loaded<O>> loaded, Map<Tensor, ParamState> states) {
    ParamGroup<O> group = optimizer.groups().get(g);
    Map<String, String> texts = dict.under("group." + g + ".").metadata();
    loaded.add(new Loaded<>(group.options().fromTexts(new Texts(texts)), initialLr(texts)));
    List<String> indices = matched(dict, g, group, texts.getOrDefault(PARAMETERS, ""));
    for (int i = 0; i < indices.size(); i++) {
      StateDict state = dict.under("state." + indices.get(i) + ".");
      if (state.size() > 0) {
        states.put(group.parameters().get(i), state(group, i, state));
      }
    }
  }

  private static OptionalDouble initialLr(Map<String, String> texts) {
    return texts.containsKey(INITIAL_LR)
        ? OptionalDouble.of(new Texts(texts).number(INITIAL_LR))
        : OptionalDouble.empty();
  }

  /// The index in the state dict of each parameter of a group.
  private List<String> matched(StateDict dict, int g, ParamGroup<O> group, String joined) {
    List<String> indices = List.of(joined.split(","));
    if (indices.size() != group.parameters().size()) {
      throw new IllegalArgumentException(
          "optimizer: group %s has %s parameters in the state dict, %s in the optimizer (rule OP-31)"
              .formatted(g, indices.size(), group.parameters().size()));
    }
    Map<String, String> byName = new HashMap<>();
    for (String index : indices) {
      String name = dict.metadata().get("parameter." + index);
      if (name != null) {
        byName.put(name, index);
      }
    }
    if (byName.isEmpty() || group.names().isEmpty()) {
      return indices;
    }
    return group.names().stream().map(name -> present(byName, name, g)).toList();
  }

  private static String present(Map<String, String> byName, String name, int g) {
    String index = byName.get(name);
    if (index == null) {
      throw new StateDictException(
          "optimizer: group %s has no parameter '%s' in the state dict, it has %s"
              .formatted(g, name, byName.keySet()));
    }
    return index;
  }

  private ParamState state(ParamGroup<O> group, int place, StateDict given) {
    Tensor parameter = group.parameters().get(place);
    ParamState state = new ParamState(optimizer.stateType());
    given
        .tensors()
        .forEach((name, tensor) -> {
          if (name.equals(STEP)) {
            state.steps(tensor.itemLong());
          } else if (tensor.shape().equals(parameter.shape())) {
            state.put(name, copy(tensor, parameter));
          } else {
            throw new StateDictException(
                "optimizer: %s is %s, its %s in the state dict %s; they must be the same (rule OP-31)"
                    .formatted(group.name(place), parameter.shape(), name, tensor.shape()));
          }
        });
    return state;
  }

  /// State of a parameter that has no place yet stays where it is; the first step moves it.
  private Tensor copy(Tensor tensor, Tensor parameter) {
    TensorSpec spec = parameter.spec();
    TensorSpec beside = spec.device().isMeta() ? spec.withDevice(tensor.device()) : spec;
    TensorSpec wanted = optimizer.stateType().migrated(tensor.spec(), beside);
    return wanted.equals(tensor.spec())
        ? tensor.clone()
        : tensor.to(wanted.device(), wanted.dtype());
  }
}
