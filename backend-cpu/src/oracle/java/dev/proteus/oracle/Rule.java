package dev.proteus.oracle;

import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// One operator: how its arguments are drawn, and how each side is called with them. A line of the
/// table.
///
/// ```java
/// rule("softmax", "softmax.int", g -> g.x().softmax(g.axis()), d -> d.x().axis())
/// ```
///
/// @param name the operator's, without spaces
/// @param torch the call of PyTorch
/// @param proteus the call of Proteus
/// @param inPlace the call of Proteus that writes into the first operand, if there is one
/// @param draw draws the arguments
/// @param tolerance how near results must be
/// @param traits what else is to be known
/// @param declared where Proteus differs on purpose
record Rule(
    String name,
    Formula torch,
    Operator proteus,
    Optional<InPlace> inPlace,
    Draw draw,
    Tolerance tolerance,
    Set<Trait> traits,
    List<Difference> declared) {
  /// A call of Proteus.
  @FunctionalInterface
  interface Operator {
    List<Tensor> apply(Given given);
  }

  /// The calls that write into the first operand.
  record InPlace(Formula torch, Operator proteus) {}

  /// What else is to be known about an operator.
  enum Trait {
    /// Zeros keep their signs.
    SIGNED_ZEROS,
    /// Has a value only: gradients are not compared.
    VALUE_ONLY,
    /// Second gradients are not compared: PyTorch has none.
    ONCE_DIFFERENTIABLE,
    /// Whether results share their storage with the first operand is compared, too.
    VIEW
  }

  /// A difference on purpose.
  ///
  /// @param id the rule it follows from
  /// @param reason why
  /// @param where the cases it concerns
  record Difference(String id, String reason, Predicate<Case> where) {
    @Override
    public String toString() {
      return id + ": " + reason;
    }
  }

  Rule {
    traits = Set.copyOf(traits);
    declared = List.copyOf(declared);
  }

  /// An operator with one result.
  static Rule rule(String name, String torch, Function<Given, Tensor> proteus, Draw draw) {
    return many(name, torch, given -> List.of(proteus.apply(given)), draw);
  }

  /// An operator with several results.
  static Rule many(String name, String torch, Operator proteus, Draw draw) {
    return of(name, Formula.parse(torch), proteus, draw);
  }

  /// An operator that is called as the formula says.
  static Rule of(String name, Formula torch, Operator proteus, Draw draw) {
    return new Rule(
        name, torch, proteus, Optional.empty(), draw, Tolerance.FOLDED, Set.of(), List.of());
  }

  Rule within(Tolerance distance) {
    return new Rule(name, torch, proteus, inPlace, draw, distance, traits, declared);
  }

  Rule with(Trait... more) {
    Set<Trait> all = EnumSet.noneOf(Trait.class);
    all.addAll(traits);
    all.addAll(Arrays.asList(more));
    return new Rule(name, torch, proteus, inPlace, draw, tolerance, all, declared);
  }

  /// With a form that writes into the first operand; PyTorch's has the same name and `_`.
  Rule inPlace(Function<Given, Tensor> form) {
    if (!(torch instanceof Formula.Call call)) {
      throw new IllegalArgumentException(name + ": name the call of PyTorch that writes in place");
    }
    return written(call.inPlace(), form);
  }

  /// The same with another call of PyTorch.
  Rule inPlace(String call, Function<Given, Tensor> form) {
    return written(Formula.parse(call), form);
  }

  private Rule written(Formula call, Function<Given, Tensor> form) {
    InPlace writes = new InPlace(call, given -> List.of(form.apply(given)));
    return new Rule(name, torch, proteus, Optional.of(writes), draw, tolerance, traits, declared);
  }

  /// Proteus differs on purpose in some cases.
  ///
  /// @param id the rule it follows from
  Rule differs(String id, String reason, Predicate<Case> where) {
    List<Difference> all = new ArrayList<>(declared);
    all.add(new Difference(id, reason, where));
    return new Rule(name, torch, proteus, inPlace, draw, tolerance, traits, all);
  }

  /// Draws a case; equal seeds draw equal cases.
  Case draw(long seed) {
    Dice dice = new Dice(seed);
    Draft draft = new Draft(dice, mode(dice));
    draw.into(draft);
    return new Case(name, draft.mode(), draft.arguments());
  }

  private Case.Mode mode(Dice dice) {
    if (inPlace.isPresent() && dice.oneIn(5)) {
      return Case.Mode.INPLACE;
    }
    if (traits.contains(Trait.VALUE_ONLY) || !dice.oneIn(3)) {
      return Case.Mode.VALUE;
    }
    boolean twice = !traits.contains(Trait.ONCE_DIFFERENTIABLE) && dice.oneIn(4);
    return twice ? Case.Mode.GRADGRAD : Case.Mode.GRAD;
  }

  /// The difference that was declared for a case.
  Optional<Difference> difference(Case drawn) {
    return declared.stream().filter(each -> each.where().test(drawn)).findFirst();
  }

  @Override
  public String toString() {
    return name;
  }
}
