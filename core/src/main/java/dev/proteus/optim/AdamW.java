package dev.proteus.optim;

import dev.proteus.nn.Module;
import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/// [Adam] with decay that acts on the parameters themselves, 0.01 by default (Loshchilov, Hutter,
/// "Decoupled weight decay regularization", 2019; rule OP-22).
public final class AdamW extends ElementwiseOptimizer<AdamOptions> {
  private final AdamUpdate rule = new AdamUpdate(AdamUpdate.Decay.DECOUPLED);

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public AdamW(Module module, double lr) {
    this(module, new AdamOptions(lr).withWeightDecay(0.01));
  }

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public AdamW(Module module, AdamOptions options) {
    this(List.of(ParamGroup.of(module, options)));
  }

  public AdamW(List<? extends Tensor> parameters, double lr) {
    this(parameters, new AdamOptions(lr).withWeightDecay(0.01));
  }

  public AdamW(List<? extends Tensor> parameters, AdamOptions options) {
    this(List.of(ParamGroup.of(parameters, options)));
  }

  /// Parameters known by their names, as `Module.namedParameters()` gives them.
  public AdamW(SequencedMap<String, ? extends Tensor> parameters, AdamOptions options) {
    this(List.of(ParamGroup.named(parameters, options)));
  }

  public AdamW(List<ParamGroup<AdamOptions>> groups) {
    this(groups, StateType.MATCH);
  }

  public AdamW(List<ParamGroup<AdamOptions>> groups, StateType stateType) {
    super(groups, stateType);
  }

  @Override
  protected void update(Tensor p, Tensor g, ParamState state, AdamOptions options) {
    rule.update(p, g, state, options);
  }
}
