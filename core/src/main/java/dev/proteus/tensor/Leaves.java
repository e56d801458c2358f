package dev.proteus.tensor;

import dev.proteus.error.AutogradException;
import dev.proteus.error.DTypeException;
import dev.proteus.error.DeviceMismatchException;
import dev.proteus.error.ShapeException;
import dev.proteus.type.TensorSpec;

/// What can be set on a body's place in the graph, with its checks.
final class Leaves {
  private Leaves() {}

  static void requireGrad(TensorBody body, boolean required) {
    if (required && !body.dtype().isFloating()) {
      throw new DTypeException(
          "requiresGrad_: the tensor is "
              + body.dtype()
              + "; only floating types can require grad (rule AG-2)");
    }
    if (required && body.shared().isInference() && Scope.grad() != Scope.Grad.INFERENCE) {
      throw new AutogradException(
          "requiresGrad_: "
              + body.spec()
              + " was made in inference mode; clone it outside of it first (rule AG-31)");
    }
    Edge edge = Recorder.edge(body);
    if (edge != null && edge.target() instanceof Node) {
      if (!required) {
        throw new AutogradException(
            "requiresGrad_: "
                + body.spec()
                + " is the result of a recorded call; only leaves can be changed, use detach()"
                + " (rule AG-2)");
      }
      return;
    }
    body.tapeOrNew().requiresGrad(required);
  }

  /// Takes a body out of the graph that made it.
  static void detach(TensorBody body) {
    if (body.isView()) {
      throw new AutogradException(
          "detach_: " + body.spec() + " is a view; use detach(), which gives another (rule AG-7)");
    }
    Tape tape = body.tape();
    if (tape != null) {
      tape.node(null, 0);
      tape.requiresGrad(false);
    }
  }

  static void setGrad(TensorBody body, Tensor grad) {
    TensorSpec spec = body.spec();
    TensorSpec given = grad.spec();
    if (!given.shape().equals(spec.shape())) {
      throw new ShapeException(
          "setGrad: the gradient is "
              + given.shape()
              + ", the tensor "
              + spec.shape()
              + "; they must be the same (rule AG-5)");
    }
    if (given.dtype() != spec.dtype()) {
      throw new DTypeException(
          "setGrad: the gradient is "
              + given.dtype()
              + ", the tensor "
              + spec.dtype()
              + "; they must be the same (rule AG-5)");
    }
    if (!given.device().equals(spec.device())) {
      throw new DeviceMismatchException(
          "setGrad: the gradient is on "
              + given.device()
              + ", the tensor on "
              + spec.device()
              + " (rule AG-5)");
    }
    clearGrad(body);
    grad.body().keep();
    body.tapeOrNew().grad(grad);
  }

  /// The gradient goes back to the care of the memory scope in force, if any.
  static void clearGrad(TensorBody body) {
    Tape tape = body.tape();
    Tensor grad = tape == null ? null : tape.grad();
    if (tape == null || grad == null) {
      return;
    }
    tape.grad(null);
    Frame frame = Scope.current().frame();
    if (frame != null) {
      frame.adopt(grad.body());
    }
  }

  static void retainGrad(TensorBody body) {
    Edge edge = requiring(body, "retainGrad");
    if (edge.target() instanceof Node node) {
      node.hooksOrNew(edge.output()).retain(body.tapeOrNew());
    }
  }

  private static Edge requiring(TensorBody body, String operator) {
    Edge edge = Recorder.edge(body);
    if (edge == null) {
      throw new AutogradException(
          operator + ": the tensor " + body.spec() + " does not require grad (rule AG-40)");
    }
    return edge;
  }

  static HookHandle registerHook(TensorBody body, TensorHook hook) {
    Edge edge = requiring(body, "registerHook");
    return switch (edge.target()) {
      case Node node -> HookHandle.added(node.hooksOrNew(edge.output()).hooks(), hook);
      case Accumulator leaf -> HookHandle.added(leaf.body().tapeOrNew().hooks(), hook);
    };
  }

  static HookHandle registerPostAccumulateHook(Tensor leaf, PostAccumulateHook hook) {
    Edge edge = requiring(leaf.body(), "registerPostAccumulateHook");
    if (!(edge.target() instanceof Accumulator)) {
      throw new AutogradException(
          "registerPostAccumulateHook: " + leaf.spec() + " is not a leaf (rule AG-41)");
    }
    Tape tape = leaf.body().tapeOrNew();
    tape.handle(leaf);
    return HookHandle.added(tape.postAccumulateHooks(), hook);
  }
}
