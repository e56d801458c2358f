package dev.proteus.optim;

import dev.proteus.nn.Module;
import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/// Steps along the mean of gradients, divided by the root of their mean square; decay acts through
/// the gradient (Kingma, Ba, "Adam", 2015; rule OP-21).
public final class Adam extends ElementwiseOptimizer<AdamOptions> {
  private final AdamUpdate rule = new AdamUpdate(AdamUpdate.Decay.L2);

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public Adam(Module module, double lr) {
    this(module, new AdamOptions(lr));
  }

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public Adam(Module module, AdamOptions options) {
    this(List.of(ParamGroup.of(module, options)));
  }

  public Adam(List<? extends Tensor> parameters, double lr) {
    this(parameters, new AdamOptions(lr));
  }

  public Adam(List<? extends Tensor> parameters, AdamOptions options) {
    this(List.of(ParamGroup.of(parameters, options)));
  }

  /// Parameters known by their names, as `Module.namedParameters()` gives them.
  public Adam(SequencedMap<String, ? extends Tensor> parameters, AdamOptions options) {
    this(List.of(ParamGroup.named(parameters, options)));
  }

  public Adam(List<ParamGroup<AdamOptions>> groups) {
    this(groups, StateType.MATCH);
  }

  public Adam(List<ParamGroup<AdamOptions>> groups, StateType stateType) {
    super(groups, stateType);
  }

  @Override
  protected void update(Tensor p, Tensor g, ParamState state, AdamOptions options) {
    rule.update(p, g, state, options);
  }
}
