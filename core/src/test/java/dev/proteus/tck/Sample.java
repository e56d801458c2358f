package dev.proteus.tck;

import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// One operator, with what the kit needs to try it out on a device. All that an operator has in the
/// kit is its sample.
///
/// ```java
/// Sample.of("softmax", x -> x.softmax(1), x(3, 4)).also(s(2, 3, 4)).types(FLOATING)
/// ```
///
/// @param name the operator's name
/// @param call what is tried
/// @param args the operands
/// @param cases their shapes: the first case is tried in each arrangement, the others row-major
/// @param dtypes the types the operator has a meaning for; others must be refused
/// @param tolerance how near results must be to the oracle's
/// @param traits what else is to be known
/// @param inPlace the form that writes into the first operand, if it has a name
/// @param rejections calls that must fail
public record Sample(
    String name,
    Operator call,
    List<Arg> args,
    List<Case> cases,
    Set<DType> dtypes,
    Tolerance tolerance,
    Set<Trait> traits,
    Optional<Operator> inPlace,
    List<Rejection> rejections) {
  /// A function of tensors.
  @FunctionalInterface
  public interface Operator {
    List<Tensor> apply(List<Tensor> operands);
  }

  /// A function of three tensors.
  @FunctionalInterface
  public interface TernaryOperator {
    Tensor apply(Tensor a, Tensor b, Tensor c);
  }

  /// All types.
  public static final Set<DType> ALL = EnumSet.allOf(DType.class);

  /// The floating types.
  public static final Set<DType> FLOATING =
      EnumSet.of(DType.FLOAT64, DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16);

  /// The floating types that have decompositions.
  public static final Set<DType> WIDE = EnumSet.of(DType.FLOAT64, DType.FLOAT32);

  /// The integers.
  public static final Set<DType> INTEGERS =
      EnumSet.of(DType.INT64, DType.INT32, DType.INT16, DType.INT8, DType.UINT8);

  /// All types but bool.
  public static final Set<DType> NUMBERS = EnumSet.complementOf(EnumSet.of(DType.BOOL));

  public Sample {
    args = List.copyOf(args);
    cases = List.copyOf(cases);
    dtypes = Set.copyOf(dtypes);
    traits = Set.copyOf(traits);
    rejections = List.copyOf(rejections);
  }

  /// A function of one operand.
  public static Sample of(String name, UnaryOperator<Tensor> call, Arg x) {
    return ofList(name, in -> List.of(call.apply(in.get(0))), x);
  }

  /// A function of two operands.
  public static Sample of(String name, BinaryOperator<Tensor> call, Arg a, Arg b) {
    return ofList(name, in -> List.of(call.apply(in.get(0), in.get(1))), a, b);
  }

  /// A function of three operands.
  public static Sample of(String name, TernaryOperator call, Arg a, Arg b, Arg c) {
    return ofList(name, in -> List.of(call.apply(in.get(0), in.get(1), in.get(2))), a, b, c);
  }

  /// A function of any number of operands, with any number of results.
  public static Sample ofList(String name, Operator call, Arg... args) {
    return new Sample(
        name,
        call,
        List.of(args),
        List.of(new Case(Arrays.stream(args).map(Arg::shape).toList())),
        FLOATING,
        Tolerance.FOLDED,
        Set.of(),
        Optional.empty(),
        List.of());
  }

  /// Sizes, to be read in a list of them.
  public static Shape s(long... sizes) {
    return Shape.of(sizes);
  }

  /// Adds a case with operands of these shapes.
  public Sample also(Shape... shapes) {
    List<Case> more = new ArrayList<>(cases);
    more.add(Case.of(shapes));
    return new Sample(name, call, args, more, dtypes, tolerance, traits, inPlace, rejections);
  }

  /// With these types; the floating ones where nothing is said.
  public Sample types(Collection<DType> some) {
    return new Sample(
        name, call, args, cases, Set.copyOf(some), tolerance, traits, inPlace, rejections);
  }

  /// With this tolerance; [Tolerance#FOLDED] where nothing is said.
  public Sample within(Tolerance distance) {
    return new Sample(name, call, args, cases, dtypes, distance, traits, inPlace, rejections);
  }

  /// With these traits, too.
  public Sample with(Trait... more) {
    EnumSet<Trait> all = EnumSet.noneOf(Trait.class);
    all.addAll(traits);
    all.addAll(List.of(more));
    return new Sample(name, call, args, cases, dtypes, tolerance, all, inPlace, rejections);
  }

  /// Without a trait.
  public Sample without(Trait trait) {
    EnumSet<Trait> left = EnumSet.noneOf(Trait.class);
    left.addAll(traits);
    left.remove(trait);
    return new Sample(name, call, args, cases, dtypes, tolerance, left, inPlace, rejections);
  }

  /// With the named form that writes into the only operand.
  public Sample inPlace(UnaryOperator<Tensor> form) {
    return inPlaceOf(in -> List.of(form.apply(in.get(0))));
  }

  /// With the named form that writes into the first of two operands.
  public Sample inPlace(BinaryOperator<Tensor> form) {
    return inPlaceOf(in -> List.of(form.apply(in.get(0), in.get(1))));
  }

  /// With the named form that writes into the first of any number of operands.
  public Sample inPlaceOf(Operator form) {
    return new Sample(
        name, call, args, cases, dtypes, tolerance, traits, Optional.of(form), rejections);
  }

  /// Must refuse operands of these shapes.
  public Sample rejects(Class<? extends RuntimeException> error, Shape... shapes) {
    return rejects(new Rejection(error, call, Case.of(shapes), Rejection.Known.SPECS));
  }

  /// Must refuse a call with other attributes.
  public Sample rejects(
      Class<? extends RuntimeException> error, Function<List<Tensor>, Tensor> other) {
    Operator wrong = in -> List.of(other.apply(in));
    return rejects(new Rejection(error, wrong, cases.getFirst(), Rejection.Known.SPECS));
  }

  /// Must refuse a call for its operands' values.
  public Sample rejectsValues(
      Class<? extends RuntimeException> error, Function<List<Tensor>, Tensor> other) {
    Operator wrong = in -> List.of(other.apply(in));
    return rejects(new Rejection(error, wrong, cases.getFirst(), Rejection.Known.DATA));
  }

  private Sample rejects(Rejection rejection) {
    List<Rejection> more = new ArrayList<>(rejections);
    more.add(rejection);
    return new Sample(name, call, args, cases, dtypes, tolerance, traits, inPlace, more);
  }

  boolean is(Trait trait) {
    return traits.contains(trait);
  }

  /// Whether operands of a type must be refused.
  boolean refuses(DType dtype) {
    boolean depends = args.stream().anyMatch(arg -> arg.dtype(dtype) == dtype);
    return depends && !dtypes.contains(dtype) && !is(Trait.COMBINED);
  }

  /// Whether gradients of operands of a type are to be checked.
  boolean hasGradient(DType dtype) {
    return !is(Trait.NOT_DIFFERENTIABLE) && args.stream().anyMatch(arg -> arg.hasGradient(dtype));
  }

  @Override
  public String toString() {
    return name;
  }
}
