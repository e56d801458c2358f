package dev.proteus.oracle;

import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.Adagrad;
import org.bytedeco.pytorch.AdagradOptions;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.RMSprop;
import org.bytedeco.pytorch.RMSpropOptions;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/// PyTorch's optimizers: the first operand is the parameter, the others are gradients, one a step.
final class TorchOptimizers {
  private TorchOptimizers() {}

  static List<Tensor> sgd(Case drawn, List<Tensor> operands) {
    SGDOptions options = new SGDOptions(drawn.real("lr"));
    options.momentum().put(drawn.real("momentum"));
    options.dampening().put(drawn.real("dampening"));
    options.weight_decay().put(drawn.real("decay"));
    return trained(operands, parameters -> new SGD(parameters, options));
  }

  static List<Tensor> nesterov(Case drawn, List<Tensor> operands) {
    SGDOptions options = new SGDOptions(drawn.real("lr"));
    options.momentum().put(drawn.real("momentum"));
    options.weight_decay().put(drawn.real("decay"));
    options.nesterov().put(true);
    return trained(operands, parameters -> new SGD(parameters, options));
  }

  static List<Tensor> adam(Case drawn, List<Tensor> operands) {
    AdamOptions options = new AdamOptions(drawn.real("lr"));
    options.eps().put(drawn.real("eps"));
    options.weight_decay().put(drawn.real("decay"));
    options.amsgrad().put(drawn.flag("amsgrad"));
    return trained(operands, parameters -> new Adam(parameters, options));
  }

  static List<Tensor> adamW(Case drawn, List<Tensor> operands) {
    AdamWOptions options = new AdamWOptions(drawn.real("lr"));
    options.eps().put(drawn.real("eps"));
    options.weight_decay().put(drawn.real("decay"));
    options.amsgrad().put(drawn.flag("amsgrad"));
    return trained(operands, parameters -> new AdamW(parameters, options));
  }

  static List<Tensor> rmsProp(Case drawn, List<Tensor> operands) {
    RMSpropOptions options = new RMSpropOptions(drawn.real("lr"));
    options.alpha().put(drawn.real("alpha"));
    options.eps().put(drawn.real("eps"));
    options.weight_decay().put(drawn.real("decay"));
    options.momentum().put(drawn.real("momentum"));
    options.centered().put(drawn.flag("centered"));
    return trained(operands, parameters -> new RMSprop(parameters, options));
  }

  static List<Tensor> adagrad(Case drawn, List<Tensor> operands) {
    AdagradOptions options = new AdagradOptions(drawn.real("lr"));
    options.lr_decay().put(drawn.real("slowing"));
    options.weight_decay().put(drawn.real("decay"));
    options.initial_accumulator_value().put(drawn.real("initial"));
    options.eps().put(drawn.real("eps"));
    return trained(operands, parameters -> new Adagrad(parameters, options));
  }

  private static List<Tensor> trained(
      List<Tensor> operands, Function<TensorVector, Optimizer> rule) {
    Tensor parameter = operands.getFirst().detach().clone().requires_grad_(true);
    Optimizer optimizer = rule.apply(new TensorVector(parameter));
    for (Tensor grad : operands.subList(1, operands.size())) {
      parameter.mutable_grad().put(grad.clone());
      optimizer.step();
    }
    return List.of(parameter.detach());
  }
}
