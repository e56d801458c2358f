package dev.proteus.examples;

import dev.proteus.nn.Layer;
import dev.proteus.nn.Module;
import dev.proteus.nn.Sequential;
import dev.proteus.optim.Optimizer;
import dev.proteus.state.LoadOptions;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Swap;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.io.PrintWriter;
import java.util.ArrayList;
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

    Sequential skeleton = Scope.on(Device.META, LeNet::create);
    swap(model, skeleton);
    expect(
        before.getFirst().device().isMeta() && same(answers, answers(skeleton)),
        "swapped with a skeleton on meta, which now answers as the model did");
    model.load(skeleton.stateDict(), LoadOptions.DEFAULT.assign());
    expect(
        same(answers, answers(model)),
        "loaded from it: %s → meta → %s, and the same answers".formatted(home, home));

    long bytes = bytes(before);
    model.to(DType.BFLOAT16);
    expect(
        before.getFirst().dtype() == DType.BFLOAT16,
        "as bfloat16 it takes %,d bytes, as %s %,d".formatted(bytes(before), type, bytes));
    model.to(type);
    expect(
        before.getFirst().dtype() == type
            && identical(before, model.parameters())
            && identical(before, held()),
        "back as %s: the optimizer holds the very same %d parameters"
            .formatted(type, before.size()));

    Tensor weights = before.getFirst().detach().clone();
    step();
    expect(!same(weights, before.getFirst().detach()), "one more step changes the model");
  }

  /// Exchanges what the parameters of two models of one kind hold.
  private static void swap(Module a, Module b) {
    List<Swap> pairs = new ArrayList<>();
    for (int i = 0; i < a.parameters().size(); i++) {
      pairs.add(new Swap(a.parameters().get(i), b.parameters().get(i)));
    }
    Tensor.swapAll(pairs);
  }

  private static long bytes(List<Parameter> parameters) {
    return parameters.stream().mapToLong(p -> p.numel() * p.dtype().bytes()).sum();
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
