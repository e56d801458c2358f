package dev.proteus.tensor;

import dev.proteus.error.AutogradException;
import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.op.Copies;
import dev.proteus.op.Differentiable;
import dev.proteus.op.Gather;
import dev.proteus.op.Map;
import dev.proteus.op.Op;
import dev.proteus.op.Place;
import dev.proteus.op.Primitive;
import dev.proteus.op.Reduce;
import dev.proteus.op.Reinterpret;
import dev.proteus.op.Saved;
import dev.proteus.op.Scatter;
import dev.proteus.spi.Backends;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Calls that write their result into an operand: one mechanism for every operator, every backend,
/// and views.
final class InPlace {
  private InPlace() {}

  /// Runs `op` and writes its first result into `target`, whose history becomes the call's.
  static void run(Op op, List<TensorBody> inputs, TensorBody target, Scope scope) {
    checkWritable(op, target, scope);
    List<TensorBody> placed = Placement.together(op, inputs);
    List<TensorSpec> specs = placed.stream().map(TensorBody::spec).toList();
    TensorSpec result = op.infer(specs).getFirst();
    checkResult(op, result, target.spec());
    boolean records =
        scope.records() && (Recorder.anyRequiresGrad(inputs) || Recorder.requiresGrad(target));
    if (records) {
      recorded(op, inputs, specs, target, scope);
    } else if (target.spec().device().isMeta() && !Kinds.isWrapped(target)) {
      target.shared().bumpVersion();
    } else {
      unrecorded(op, placed, specs, result, target, scope);
      target.shared().bumpVersion();
    }
  }

  private static void checkWritable(Op op, TensorBody target, Scope scope) {
    if (target.shared().isInference() && !scope.recording().isInference()) {
      throw new AutogradException(
          op.name()
              + ": the tensor "
              + target.spec()
              + " was made in inference mode and cannot be written in place outside of it; clone it"
              + " first (rule AG-31)");
    }
    if (target.layout().overlapsItself()) {
      throw new ShapeException(
          op.name()
              + ": cannot write in place into "
              + target.layout()
              + ": some elements share memory; clone the tensor first (rule BC-3)");
    }
    if (scope.records() && (isLeafRequiringGrad(target) || isLeafRequiringGrad(target.root()))) {
      throw new AutogradException(
          op.name()
              + ": a leaf that requires grad, or a view of one, cannot be written in place;"
              + " use Scope.noGrad or a copy (rule AG-22)");
    }
    if (scope.records() && Watch.guards(target)) {
      throw new AutogradException(
          op.name()
              + ": the tensor "
              + target.spec()
              + " is an input or output of a module with backward hooks, or a view of one; a write"
              + " in place would go past them: clone it first (rule SD-54)");
    }
    if (scope.records() && isUnrecordedView(target)) {
      throw new AutogradException(
          op.name()
              + ": the view "
              + target.spec()
              + " was made without recording, so its base would not learn of the write; make it"
              + " again, or write in Scope.noGrad (rule AG-24)");
    }
  }

  private static boolean isUnrecordedView(TensorBody body) {
    return body.isView() && Recorder.requiresGrad(body.root()) && !Recorder.requiresGrad(body);
  }

  /// A write through other bits has no derivative.
  private static void checkBits(Op op, TensorBody target) {
    if (target.path().stream().anyMatch(Reinterpret.class::isInstance)) {
      throw new AutogradException(
          op.name()
              + ": a recorded write into "
              + target.spec()
              + ", which reads other bits by view(DType), has no derivative; use Scope.noGrad"
              + " (rule VW-6)");
    }
  }

  private static boolean isLeafRequiringGrad(TensorBody body) {
    Tape tape = body.tape();
    return tape != null && tape.requiresGrad() && tape.node() == null;
  }

  private static void checkResult(Op op, TensorSpec result, TensorSpec target) {
    if (!result.shape().equals(target.shape())) {
      throw new ShapeException(
          op.name()
              + ": the result "
              + result.shape()
              + " cannot be written into "
              + target.shape()
              + "; in place, operands must expand to the tensor's own shape (rule BC-2)");
    }
    if (!result.dtype().canCastTo(target.dtype())) {
      throw new DTypeException(
          op.name()
              + ": the result is "
              + result.dtype()
              + " and can't be cast to "
              + target.dtype()
              + " in place (rule DT-5)");
    }
  }

  private static void unrecorded(
      Op op,
      List<TensorBody> inputs,
      List<TensorSpec> specs,
      TensorSpec result,
      TensorBody target,
      Scope scope) {
    if (op instanceof Primitive primitive
        && result.dtype() == target.spec().dtype()
        && result.device().equals(target.spec().device())
        && mayWriteDirectly(primitive, inputs, target)
        && !Kinds.isWrapped(target)
        && !Kinds.anyWrapped(inputs)) {
      List<Operand> operands = Dispatcher.operands(primitive, inputs, result.shape());
      Backends.of(result.device())
          .kernel(primitive, specs)
          .run(operands, List.of(target.operand(op.name())));
      return;
    }
    TensorBody value = Dispatcher.compute(op, inputs, scope).getFirst();
    write(value, target);
    value.disown();
  }

  /// Whether a kernel may write into the memory of an operand: a map where it reads the very
  /// elements that it writes and no value makes it fail halfway, a scatter where only its base is
  /// written over; it checks its indices first.
  private static boolean mayWriteDirectly(
      Primitive op, List<TensorBody> inputs, TensorBody target) {
    return switch (op) {
      case Map map -> !map.mayFail() && noneOverlaps(inputs, target);
      case Scatter _ ->
          noneOverlaps(inputs, target)
              && inputs.get(1).shared() != target.shared()
              && inputs.get(2).shared() != target.shared();
      case Reduce _, Gather _ -> false;
    };
  }

  /// Whether each operand is apart from the target or reads it through the very same layout.
  private static boolean noneOverlaps(List<TensorBody> inputs, TensorBody target) {
    for (TensorBody input : inputs) {
      if (input.shared() == target.shared() && !input.layout().equals(target.layout())) {
        return false;
      }
    }
    return true;
  }

  /// Copies values into the target's memory, converting type and device.
  static void write(TensorBody value, TensorBody target) {
    if (Kinds.isWrapped(target) || Kinds.isWrapped(value)) {
      Kinds.write(value, target);
      return;
    }
    TensorBody here = value;
    if (!value.spec().device().equals(target.spec().device())) {
      here = Transfers.move(value, target.spec().device());
    }
    if (!target.spec().device().isMeta()) {
      Map copy = Copies.cast(here.spec().dtype(), target.spec().dtype());
      Backends.of(target.spec().device())
          .kernel(copy, List.of(here.spec()))
          .run(
              Dispatcher.operands(copy, List.of(here), target.spec().shape()),
              List.of(target.operand("copy_")));
    }
    if (here != value) {
      here.disown();
    }
  }

  private static void recorded(
      Op op, List<TensorBody> inputs, List<TensorSpec> specs, TensorBody target, Scope scope) {
    checkBits(op, target);
    TensorBody value =
        Dispatcher.record(op, preserved(op, inputs, specs, target, scope), scope).getFirst();
    DType wanted = target.spec().dtype();
    if (value.spec().dtype() != wanted) {
      Map cast = Copies.cast(value.spec().dtype(), wanted);
      TensorBody wide = value;
      value = Dispatcher.record(cast, List.of(wide), scope).getFirst();
      wide.disown();
    }
    write(value, target);
    target.shared().bumpVersion();
    rewriteHistory(target, Recorder.edge(value));
    value.disown();
  }

  /// The operands, with those that the derivative needs as they were replaced by copies before the
  /// target is overwritten.
  private static List<TensorBody> preserved(
      Op op, List<TensorBody> inputs, List<TensorSpec> specs, TensorBody target, Scope scope) {
    Saved saved = op instanceof Differentiable rule ? rule.saved(specs) : Saved.ALL;
    List<TensorBody> operands = new ArrayList<>(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      TensorBody input = inputs.get(i);
      boolean overwritten = input.shared() == target.shared() && saved.input(i);
      operands.add(overwritten ? copied(input, scope) : input);
    }
    return operands;
  }

  private static TensorBody copied(TensorBody input, Scope scope) {
    DType dtype = input.spec().dtype();
    TensorBody copy =
        Dispatcher.compute(Copies.cast(dtype, dtype), List.of(input), scope).getFirst();
    Edge edge = Recorder.edge(input);
    if (edge != null) {
      Recorder.connect(copy, edge);
    }
    return copy;
  }

  /// Makes the target's content a result of the call: the tensor's own, or, for a view, its base
  /// with that region replaced (rule AG-23).
  private static void rewriteHistory(TensorBody target, @Nullable Edge value) {
    TensorBody root = target.root();
    if (target == root) {
      setHistory(root, value);
      return;
    }
    @Nullable Edge base = Recorder.edge(root);
    if (base == null && value == null) {
      return;
    }
    Place place = new Place(target.path(), Place.Mode.SET);
    @Nullable Edge[] edges = {base, value};
    Node node =
        new Node(
            place,
            place,
            edges,
            List.of(root, target),
            List.of(root.spec(), target.spec()),
            List.of(root.spec()),
            Saved.NONE,
            Scope.current());
    setHistory(root, new Edge(node, 0));
  }

  private static void setHistory(TensorBody root, @Nullable Edge edge) {
    Tape tape = root.tapeOrNew();
    tape.node(null, 0);
    tape.requiresGrad(false);
    if (edge != null) {
      Recorder.connect(root, edge);
    }
    tape.generation(tape.generation() + 1);
  }
}
