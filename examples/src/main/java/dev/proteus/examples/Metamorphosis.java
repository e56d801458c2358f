package dev.proteus.examples;

import dev.proteus.nn.Layer;
import dev.proteus.nn.Sequential;
import dev.proteus.optim.Optimizer;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.io.PrintWriter;
import java.util.List;

/// What the engine is named for: the trained model changes its form, and stays itself.
final class Metamorphosis {
  private final Sequential model;
  private final Optimizer<?> optimizer;
  private final Digits.Split digits;
  private final PrintWriter out;

  Metamorphosis(Sequential model, Optimizer<?> optimizer, Digits.Split digits, PrintWriter out) {
    this.model = model;
    this.optimizer = optimizer;
    this.digits = digits;
    this.out = out;
  }

  /// Moves and converts the model, checking after each change what must hold.
  void show() {
    List<Parameter> before = model.parameters();
    Device home = before.getFirst().device();
    DType type = before.getFirst().dtype();
    Tensor answers = answers(model);

    skeleton(answers, home);

    StateDict snapshot = model.stateDict().copy();
    model.to(Device.META);
    expect(!before.getFirst().device().equals(home), "the parameters are on meta, without data");
    model.load(snapshot, LoadOptions.DEFAULT.assign());
    expect(
        same(answers, answers(model)), home + " → meta → " + home + ": the answers are the same");

    model.to(DType.BFLOAT16);
    expect(before.getFirst().dtype() == DType.BFLOAT16, "as bfloat16 it takes half the memory");
    model.to(type);
    expect(
        identical(before, model.parameters()) && identical(before, held()),
        "back as " + type + ": the optimizer holds the very same " + before.size() + " parameters");

    Tensor weights = before.getFirst().detach().clone();
    step();
    expect(!same(weights, before.getFirst().detach()), "one more step changes the model");
  }

  /// A model without data takes over the weights of another.
  private void skeleton(Tensor answers, Device home) {
    Sequential skeleton = Scope.on(Device.META, LeNet::create);
    skeleton.load(model.stateDict(), LoadOptions.DEFAULT.assign());
    expect(
        same(answers, answers(skeleton)),
        "a skeleton made on meta and filled by load answers as the model does, on " + home);
  }

  private Tensor answers(Layer layer) {
    Tensor images = digits.test().slice(0, 100).images();
    return Scope.noGrad(() -> layer.eval().forward(images));
  }

  private static boolean same(Tensor a, Tensor b) {
    return a.eq(b).all().itemBoolean();
  }

  private static boolean identical(List<? extends Tensor> a, List<? extends Tensor> b) {
    boolean identical = a.size() == b.size();
    for (int i = 0; identical && i < a.size(); i++) {
      identical = a.get(i) == b.get(i);
    }
    return identical;
  }

  /// What the optimizer holds.
  private List<Tensor> held() {
    return optimizer.groups().stream().flatMap(g -> g.parameters().stream()).toList();
  }

  private void step() {
    Digits.Batch images = digits.training().slice(0, 64);
    model.train();
    Scope.memory(() -> {
      optimizer.zeroGrad();
      model.forward(images.images()).crossEntropy(images.labels()).backward();
      optimizer.step();
    });
  }

  private void expect(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("this should hold, but does not: " + what);
    }
    out.println("ok  " + what);
  }
}
