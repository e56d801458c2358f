package dev.proteus.tensor;

import dev.proteus.error.UnsupportedOperatorException;
import dev.proteus.op.Composite;
import dev.proteus.op.Copies;
import dev.proteus.op.Differentiable;
import dev.proteus.op.HostArray;
import dev.proteus.op.Hosted;
import dev.proteus.op.Map;
import dev.proteus.op.Op;
import dev.proteus.op.Primitive;
import dev.proteus.op.Reduce;
import dev.proteus.op.Transfer;
import dev.proteus.op.View;
import dev.proteus.spi.Backend;
import dev.proteus.spi.Backends;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.Device;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The road of a call. Every operator of every tensor passes here, through four steps in fixed
/// order:
///
/// 1. **Interpreters**, innermost first. Each sees the operator as the user wrote it and decides
///    how it goes on; while one is at work it is out of force, so what it calls reaches the next.
/// 2. **Autograd**. When an operand takes part in a graph, an operator that knows its derivative
///    runs through steps 3 and 4 with recording off and then hangs one node on its results. A
///    composite that does not infers its specs for their errors, and is replaced by its definition
///    here: the calls inside are recorded instead.
/// 3. **Kinds and placement**. Where an operand is of a kind, the kind answers (rules SC-2, SC-8).
///    All others must share a device; a 0-dim tensor of the CPU may join any (rule BC-5).
/// 4. **Backend**. The operator infers the specs of its results, and with them all errors; the meta
///    device is done then. A view is a new layout over the same storage. A primitive runs its
///    kernel. A composite runs the backend's kernel for it, or its definition. A hosted operator
///    runs on the host.
///
/// The order is the meaning: an interpreter sees what autograd will see; the derivative of a
/// composite with its own rule never sees the inside of its definition; backends see neither.
///
/// Handles are read once, at the entry, and all at one moment (rule D-4): from there on the road
/// knows bodies only, so a swap during a call is seen entirely or not at all. Bodies that may be
/// replaced meanwhile are kept from release until the call ends ([Readers]). Temporaries of a
/// definition belong to a frame that gives their storage back as soon as the definition ends; only
/// its results leave.
final class Dispatcher {
  private Dispatcher() {}

  static List<Tensor> apply(Op op, List<Tensor> inputs) {
    Scope scope = Scope.current();
    if (!scope.interpreters().isEmpty()) {
      return intercept(new Call(op, inputs, Optional.empty()), scope);
    }
    List<TensorBody> bodies = Bodies.of(inputs);
    if (!Bodies.anyGuarded(bodies)) {
      return evaluate(op, bodies, scope);
    }
    int place = Readers.enter();
    try {
      return evaluate(op, Bodies.fitting(op, Bodies.of(inputs)), scope);
    } finally {
      Readers.leave(place);
    }
  }

  static Tensor applyInPlace(Op op, List<Tensor> inputs, Tensor into) {
    Scope scope = Scope.current();
    if (!scope.interpreters().isEmpty()) {
      return intercept(new Call(op, inputs, Optional.of(into)), scope).getFirst();
    }
    Bodies bodies = Bodies.of(inputs, into);
    if (!bodies.anyGuarded()) {
      InPlace.run(op, bodies.inputs(), bodies.target(), scope);
      return into;
    }
    int place = Readers.enter();
    try {
      Bodies held = Bodies.of(inputs, into);
      InPlace.run(op, Bodies.fitting(op, held.inputs()), held.target(), scope);
    } finally {
      Readers.leave(place);
    }
    return into;
  }

  private static List<Tensor> intercept(Call call, Scope scope) {
    List<Interpreter> all = scope.interpreters();
    Interpreter innermost = all.getFirst();
    return scope.withInterpreters(all.subList(1, all.size())).call(() -> innermost.interpret(call));
  }

  /// Goes on with a call under the scope in force, from which the interpreter that calls this is
  /// already gone.
  static List<Tensor> run(Call call) {
    return call.into().isPresent()
        ? List.of(applyInPlace(call.op(), call.inputs(), call.into().get()))
        : apply(call.op(), call.inputs());
  }

  /// Steps 2 to 4.
  private static List<Tensor> evaluate(Op op, List<TensorBody> inputs, Scope scope) {
    List<TensorBody> results =
        scope.records() && Recorder.anyRequiresGrad(inputs)
            ? record(op, inputs, scope)
            : compute(op, inputs, scope);
    return handles(results, scope);
  }

  static List<TensorBody> record(Op op, List<TensorBody> inputs, Scope scope) {
    return switch (op) {
      case Differentiable rule -> Recorder.record(op, rule, inputs, scope);
      case Composite composite -> {
        composite.infer(specsOf(inputs));
        yield definition(composite, inputs, scope);
      }
    };
  }

  private static List<Tensor> handles(List<TensorBody> results, Scope scope) {
    Frame frame = scope.frame();
    if (frame != null) {
      results.forEach(frame::add);
    }
    if (results.size() == 1) {
      return List.of(new Tensor(results.getFirst()));
    }
    return results.stream().map(Tensor::new).toList();
  }

  /// Steps 3 and 4: the results, without a place in any graph.
  static List<TensorBody> compute(Op op, List<TensorBody> inputs, Scope scope) {
    if (Kinds.anyWrapped(inputs)) {
      return Kinds.run(op, inputs, scope);
    }
    if (op instanceof View view) {
      return List.of(view(view, inputs.getFirst(), scope));
    }
    if (op instanceof Transfer transfer) {
      return List.of(Transfers.move(inputs.getFirst(), transfer.target()));
    }
    List<TensorBody> placed = Placement.together(op, inputs);
    List<TensorSpec> specs = specsOf(placed);
    List<TensorSpec> results = op.infer(specs);
    Device device = placed.isEmpty() ? results.getFirst().device() : Placement.of(placed);
    if (device.isMeta()) {
      return meta(op, placed, results);
    }
    Backend backend = Backends.of(device);
    return switch (op) {
      case Primitive primitive -> primitive(primitive, placed, specs, results, backend);
      case Composite composite -> composite(composite, placed, specs, results, backend, scope);
      case Hosted hosted -> hosted(hosted, placed, specs, results, backend);
      case View _ -> throw new AssertionError(op.name());
    };
  }

  private static List<TensorSpec> specsOf(List<TensorBody> bodies) {
    int count = bodies.size();
    if (count == 1) {
      return List.of(bodies.get(0).spec());
    }
    if (count == 2) {
      return List.of(bodies.get(0).spec(), bodies.get(1).spec());
    }
    List<TensorSpec> specs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      specs.add(bodies.get(i).spec());
    }
    return specs;
  }

  private static TensorBody view(View view, TensorBody input, Scope scope) {
    if (view.fits(input.layout())) {
      return input.viewed(view);
    }
    TensorBody copy =
        compute(Copies.contiguous(input.spec().dtype()), List.of(input), scope).getFirst();
    Payload seen = copy.payload().withLayout(view.apply(copy.layout()));
    return TensorBody.fresh(view.spec(input.spec(), seen.layout().shape()), seen);
  }

  private static List<TensorBody> meta(Op op, List<TensorBody> inputs, List<TensorSpec> results) {
    List<TensorBody> bodies = new ArrayList<>(results.size());
    for (TensorSpec spec : results) {
      Layout layout =
          op instanceof Map map
              ? mapLayout(map, inputs, spec.shape())
              : Layout.contiguous(spec.shape());
      bodies.add(TensorBody.fresh(spec, new Payload.Meta(layout)));
    }
    return bodies;
  }

  private static List<TensorBody> primitive(
      Primitive op,
      List<TensorBody> inputs,
      List<TensorSpec> specs,
      List<TensorSpec> results,
      Backend backend) {
    TensorSpec spec = results.getFirst();
    Layout layout =
        op instanceof Map map
            ? mapLayout(map, inputs, spec.shape())
            : Layout.contiguous(spec.shape());
    List<Operand> operands = operands(op, inputs, spec.shape());
    Kernel kernel = backend.kernel(op, specs);
    TensorBody result = allocate(backend, spec, layout);
    run(kernel, operands, List.of(result.operand(op.name())), List.of(result));
    return List.of(result);
  }

  /// A kernel that fails, at an index out of range say, leaves no memory behind.
  private static void run(
      Kernel kernel, List<Operand> inputs, List<Operand> outputs, List<TensorBody> results) {
    try {
      kernel.run(inputs, outputs);
    } catch (Throwable t) {
      results.forEach(TensorBody::disown);
      throw t;
    }
  }

  /// The operands of a kernel; those of a map or a reduction all have the broadcast shape.
  static List<Operand> operands(Op op, List<TensorBody> inputs, Shape result) {
    Shape common =
        switch (op) {
          case Map _ -> result;
          case Reduce _ -> broadcast(inputs, op.name());
          case View _, Primitive _, Composite _, Hosted _ -> null;
        };
    int count = inputs.size();
    if (count == 1) {
      return List.of(operand(op, inputs.get(0), common));
    }
    if (count == 2) {
      return List.of(operand(op, inputs.get(0), common), operand(op, inputs.get(1), common));
    }
    List<Operand> operands = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      operands.add(operand(op, inputs.get(i), common));
    }
    return operands;
  }

  private static Operand operand(Op op, TensorBody input, @Nullable Shape common) {
    Operand operand = input.operand(op.name());
    return common == null || operand.shape().equals(common)
        ? operand
        : operand.withLayout(operand.layout().expand(common));
  }

  private static Shape broadcast(List<TensorBody> inputs, String operator) {
    Shape shape = inputs.getFirst().spec().shape();
    for (int i = 1; i < inputs.size(); i++) {
      shape = Shape.broadcast(shape, inputs.get(i).spec().shape(), operator);
    }
    return shape;
  }

  /// The first operand of the result's shape decides the order of axes if it is dense (rule BC-4).
  private static Layout mapLayout(Map map, List<TensorBody> inputs, Shape shape) {
    if (map.order() == Map.Order.PRESERVE) {
      for (int i = 0; i < inputs.size(); i++) {
        Layout layout = inputs.get(i).layout();
        if (layout.shape().equals(shape)) {
          if (layout.isContiguous()) {
            return layout.offset() == 0 ? layout : Layout.contiguous(shape);
          }
          if (layout.isDense()) {
            return layout.densePermutation();
          }
        }
      }
    }
    return Layout.contiguous(shape);
  }

  static TensorBody allocate(Backend backend, TensorSpec spec, Layout layout) {
    return TensorBody.fresh(spec, new Payload.Dense(backend.allocate(spec.bytes()), layout));
  }

  private static List<TensorBody> composite(
      Composite op,
      List<TensorBody> inputs,
      List<TensorSpec> specs,
      List<TensorSpec> results,
      Backend backend,
      Scope scope) {
    Optional<Kernel> fast = backend.fast(op, specs);
    if (fast.isPresent()) {
      return runFast(op, fast.get(), inputs, results, backend);
    }
    return definition(op, inputs, scope.withoutGrad());
  }

  private static List<TensorBody> runFast(
      Op op, Kernel kernel, List<TensorBody> inputs, List<TensorSpec> results, Backend backend) {
    List<Operand> operands = operands(op, inputs, Shape.SCALAR);
    List<TensorBody> bodies = new ArrayList<>(results.size());
    List<Operand> outputs = new ArrayList<>(results.size());
    for (TensorSpec spec : results) {
      TensorBody body = allocate(backend, spec, Layout.contiguous(spec.shape()));
      bodies.add(body);
      outputs.add(body.operand(op.name()));
    }
    run(kernel, operands, outputs, bodies);
    return bodies;
  }

  /// Runs a composite's definition.
  private static List<TensorBody> definition(Composite op, List<TensorBody> inputs, Scope scope) {
    return framed(inputs, scope, handles -> own(op.decompose(handles), handles));
  }

  /// Runs what an operator is made of in a frame of its own.
  static List<TensorBody> framed(
      List<TensorBody> inputs, Scope scope, UnaryOperator<List<Tensor>> compute) {
    Frame frame = Frame.inside(scope.frame());
    List<Tensor> handles = inputs.stream().map(Tensor::new).toList();
    try {
      List<Tensor> results =
          scope.forDefinitions().withFrame(frame).call(() -> compute.apply(handles));
      List<TensorBody> bodies = new ArrayList<>(results.size());
      for (Tensor result : results) {
        bodies.add(distinct(result.body(), bodies));
      }
      frame.releaseExcept(bodies);
      return bodies;
    } catch (Throwable t) {
      frame.releaseAll();
      throw t;
    }
  }

  /// What a definition answers with, as a kernel would: row-major and in storages of its own, so
  /// that strides are those that the meta device says and no result is a view of an operand (rule
  /// MD-8).
  private static List<Tensor> own(List<Tensor> results, List<Tensor> operands) {
    List<Tensor> own = new ArrayList<>(results.size());
    for (Tensor result : results) {
      boolean isOwn =
          result.isContiguous()
              && result.layout().offset() == 0
              && operands.stream().noneMatch(result::sharesStorageWith);
      own.add(isOwn ? result : result.call(Copies.contiguous(result.dtype()), List.of(result)));
    }
    return own;
  }

  /// A definition may answer twice with one result; each result of a call is a body of its own.
  private static TensorBody distinct(TensorBody body, List<TensorBody> results) {
    for (TensorBody other : results) {
      if (other == body) {
        return Recorder.connectedAlias(body);
      }
    }
    return body;
  }

  private static List<TensorBody> hosted(
      Hosted op,
      List<TensorBody> inputs,
      List<TensorSpec> specs,
      List<TensorSpec> results,
      Backend backend) {
    Optional<Kernel> fast = backend.fast(op, specs);
    if (fast.isPresent()) {
      return runFast(op, fast.get(), inputs, results, backend);
    }
    List<HostArray> arrays = inputs.stream().map(b -> HostCopies.read(b, op.name())).toList();
    List<HostArray> computed = op.compute(arrays);
    if (computed.size() != results.size()) {
      throw new UnsupportedOperatorException(
          op.name() + ": computed " + computed.size() + " results, inferred " + results.size());
    }
    List<TensorBody> bodies = new ArrayList<>(results.size());
    for (int i = 0; i < results.size(); i++) {
      bodies.add(HostCopies.write(computed.get(i), results.get(i)));
    }
    return bodies;
  }
}
