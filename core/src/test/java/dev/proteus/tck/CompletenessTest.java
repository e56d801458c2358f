package dev.proteus.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.op.Differentiable;
import dev.proteus.op.Map;
import dev.proteus.op.Op;
import dev.proteus.op.Pointwise;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.tensor.BackwardOptions;
import dev.proteus.tensor.Call;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The kit leaves nothing out: each operator of core runs in some sample, and each that has a
/// derivative is differentiated in a sample whose derivatives are compared with differences.
///
/// Operators are the classes that implement [Op], and the names of [Pointwise]. One that only runs
/// inside another's definition needs a sample of its own.
final class CompletenessTest {
  private static final BackwardOptions ZEROS =
      BackwardOptions.DEFAULT.withUnused(BackwardOptions.Unused.ZEROS);

  /// The interfaces and classes whose methods are operators.
  private static final Pattern VOCABULARY =
      Pattern.compile("dev/proteus/(op/\\w+Ops|tensor/InPlace\\w*Ops|linalg/Linalg)");

  /// Methods that are no operators, or by which all are called.
  private static final Set<String> NOT_OPERATORS =
      Set.of("itemLong", "self", "spec", "applyInPlace", "inPlace");

  /// What the engine records for hooks of modules; nobody can call it, and no backend sees it.
  /// `ModuleHooksTest` is its test.
  private static final Set<String> ENGINES_OWN = Set.of("dev.proteus.tensor.Watch");

  @Test
  void everyOperatorHasASample() throws IOException, URISyntaxException {
    Set<String> missing = operators();
    missing.removeAll(names(run().calls()));
    missing.removeAll(ENGINES_OWN);
    assertEquals(Set.of(), missing, "operators without a sample");
  }

  @Test
  void everyDerivativeIsChecked() {
    OperatorRecorder recorder = run();
    Set<String> missing = names(recorder.calls().stream().filter(this::hasDerivative).toList());
    missing.removeAll(names(recorder.differentiated()));
    missing.removeIf(CompletenessTest::isDerived);
    assertEquals(Set.of(), missing, "operators with a derivative that no sample checks");
  }

  @Test
  void everyMethodIsInSomeSample() throws IOException, URISyntaxException {
    Set<String> called = new TreeSet<>();
    for (ClassModel type : classes(CompletenessTest.class)) {
      if (type.thisClass().name().stringValue().endsWith("Samples")) {
        called.addAll(called(type));
      }
    }
    Set<String> missing = new TreeSet<>();
    for (ClassModel type : classes(Op.class)) {
      String name = type.thisClass().name().stringValue();
      if (VOCABULARY.matcher(name).matches()) {
        methods(type).filter(method -> !called.contains(method)).forEach(missing::add);
      }
    }
    missing.removeAll(NOT_OPERATORS);
    assertEquals(Set.of(), missing, "methods of the vocabulary that no sample calls");
  }

  @Test
  void namesAreDifferent() {
    Set<String> names = new TreeSet<>();
    Samples.all().forEach(s -> assertTrue(names.add(s.name()), "two samples called " + s));
  }

  /// Maps that are themselves made by differentiating have no rule of their own.
  private static boolean isDerived(String name) {
    return name.endsWith("Backward") && name.indexOf('.') < 0;
  }

  private boolean hasDerivative(Call call) {
    return call.op() instanceof Differentiable rule
        && rule.isDifferentiable(call.inputs().stream().map(Tensor::spec).toList());
  }

  /// Everything that samples run, forward and twice backward.
  private static OperatorRecorder run() {
    OperatorRecorder recorder = new OperatorRecorder();
    for (Sample sample : Samples.all()) {
      DType dtype = sample.dtypes().stream().sorted().findFirst().orElseThrow();
      Scope.with(
          recorder,
          () -> {
            sample.cases().stream().filter(Case::isSmall).forEach(c -> run(sample, c, dtype));
            return recorder;
          });
    }
    return recorder;
  }

  private static void run(Sample sample, Case shapes, DType dtype) {
    boolean isChecked = sample.hasGradient(dtype);
    List<Tensor> operands =
        Inputs.of(sample, shapes, dtype, Arrangement.CONTIGUOUS).on(ReferenceProvider.DEVICE);
    List<Tensor> leaves = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      if (isChecked && sample.args().get(i).hasGradient(dtype)) {
        leaves.add(operands.get(i).requiresGrad_(true));
      }
    }
    List<Tensor> results = sample.call().apply(operands);
    if (isChecked) {
      List<Tensor> once = gradients(results, leaves, ZEROS.withGraph(BackwardOptions.Graph.CREATE));
      if (!sample.is(Trait.ONCE_DIFFERENTIABLE)) {
        gradients(once, leaves, ZEROS);
      }
    }
  }

  private static List<Tensor> gradients(
      List<Tensor> outputs, List<Tensor> leaves, BackwardOptions options) {
    List<Tensor> roots = outputs.stream().filter(Tensor::requiresGrad).toList();
    return roots.isEmpty()
        ? List.of()
        : Tensor.grad(
            roots, leaves, roots.stream().map(r -> weights(r, options)).toList(), options);
  }

  /// Gradients of results, differentiable themselves where gradients are differentiated again.
  private static Tensor weights(Tensor result, BackwardOptions options) {
    Tensor ones = result.detach().onesLike();
    return options.graph() == BackwardOptions.Graph.CREATE ? ones.requiresGrad_(true) : ones;
  }

  private static Set<String> names(List<Call> calls) {
    Set<String> names = new TreeSet<>();
    for (Call call : calls) {
      names.add(call.op() instanceof Map map ? map.name() : call.op().getClass().getName());
    }
    return names;
  }

  private static Set<String> operators() throws IOException, URISyntaxException {
    Set<String> names = new TreeSet<>();
    Arrays.stream(Pointwise.values()).map(Pointwise::label).forEach(names::add);
    for (ClassModel type : classes(Op.class)) {
      String name =
          type.thisClass().asSymbol().packageName()
              + "."
              + type.thisClass().asSymbol().displayName();
      if (!name.endsWith("-info") && isOperator(name)) {
        names.add(name);
      }
    }
    return names;
  }

  private static boolean isOperator(String name) {
    try {
      Class<?> type = Class.forName(name, false, Op.class.getClassLoader());
      return Op.class.isAssignableFrom(type) && !type.isInterface() && type != Map.class;
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The public methods that a class declares.
  private static Stream<String> methods(ClassModel type) {
    return type.methods().stream()
        .filter(m -> m.flags().has(AccessFlag.PUBLIC) && !m.flags().has(AccessFlag.SYNTHETIC))
        .map(m -> m.methodName().stringValue());
  }

  /// The methods that a class calls or refers to.
  private static Set<String> called(ClassModel type) {
    Set<String> names = new TreeSet<>();
    for (PoolEntry entry : type.constantPool()) {
      if (entry instanceof MemberRefEntry member) {
        names.add(member.name().stringValue());
      }
    }
    return names;
  }

  /// All classes of the jar or folder that a class comes from.
  private static List<ClassModel> classes(Class<?> neighbour)
      throws IOException, URISyntaxException {
    Path place = Path.of(neighbour.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(place)) {
      return classes(place);
    }
    try (FileSystem jar = FileSystems.newFileSystem(place)) {
      return classes(jar.getPath("/"));
    }
  }

  private static List<ClassModel> classes(Path root) throws IOException {
    List<ClassModel> classes = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root.resolve("dev"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        classes.add(ClassFile.of().parse(Files.readAllBytes(file)));
      }
    }
    return classes;
  }
}
