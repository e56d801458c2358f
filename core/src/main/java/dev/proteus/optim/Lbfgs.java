package dev.proteus.optim;

import dev.proteus.nn.Module;
import dev.proteus.optim.StrongWolfe.Place;
import dev.proteus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;

/// Steps along an estimate of Newton's direction, made of the latest steps and the changes of the
/// gradient that came of them (Nocedal, "Updating quasi-Newton matrices with limited storage",
/// 1980; rule OP-13). One step is several iterations, each of which computes the loss anew.
///
/// ```java
/// var optimizer = new Lbfgs(model, new Lbfgs.Options(1).withLineSearch());
/// Tensor loss = optimizer.step(() -> {
///   optimizer.zeroGrad();
///   Tensor value = model.forward(x).mseLoss(y);
///   value.backward();
///   return value;
/// });
/// ```
///
/// There is one group only. Parameters that require no grad are left alone; one that requires grad
/// and has none counts as one whose gradient is zero.
public final class Lbfgs extends Optimizer<Lbfgs.Options> {
  /// How far to go along a direction.
  public enum LineSearch {
    /// By the learning rate; the first step is at most as long.
    NONE,
    /// Until the strong conditions of Wolfe hold; the learning rate is tried first.
    STRONG_WOLFE
  }

  /// `new Lbfgs.Options(1).withLineSearch()`.
  ///
  /// @param lr length of a step, in directions
  /// @param iterations of one step at most
  /// @param evaluations of the loss in one step, about which it ends
  /// @param gradTolerance largest element of the gradient with which a step ends
  /// @param changeTolerance largest change of parameters or loss with which a step ends
  /// @param history how many earlier iterations are remembered
  /// @param search how far to go
  public record Options(
      double lr,
      int iterations,
      int evaluations,
      double gradTolerance,
      double changeTolerance,
      int history,
      LineSearch search)
      implements Hyperparameters<Options> {
    public Options {
      Checks.notNegative("lr", lr);
      Checks.atLeastOne("iterations", iterations);
      Checks.atLeastOne("evaluations", evaluations);
      Checks.notNegative("gradTolerance", gradTolerance);
      Checks.notNegative("changeTolerance", changeTolerance);
      Checks.atLeastOne("history", history);
    }

    /// 20 iterations, 25 evaluations, 1e-7 and 1e-9, 100 remembered, no search.
    public Options(double lr) {
      this(lr, 20, 25, 1e-7, 1e-9, 100, LineSearch.NONE);
    }

    @Override
    public Options withLr(double newLr) {
      return new Options(
          newLr, iterations, evaluations, gradTolerance, changeTolerance, history, search);
    }

    /// These with so many iterations, and a quarter more evaluations.
    public Options withIterations(int newIterations) {
      return new Options(
          lr,
          newIterations,
          newIterations + newIterations / 4,
          gradTolerance,
          changeTolerance,
          history,
          search);
    }

    public Options withEvaluations(int newEvaluations) {
      return new Options(
          lr, iterations, newEvaluations, gradTolerance, changeTolerance, history, search);
    }

    public Options withTolerances(double ofGrad, double ofChange) {
      return new Options(lr, iterations, evaluations, ofGrad, ofChange, history, search);
    }

    public Options withHistory(int newHistory) {
      return new Options(
          lr, iterations, evaluations, gradTolerance, changeTolerance, newHistory, search);
    }

    /// These with a search for the strong conditions of Wolfe.
    public Options withLineSearch() {
      return new Options(
          lr,
          iterations,
          evaluations,
          gradTolerance,
          changeTolerance,
          history,
          LineSearch.STRONG_WOLFE);
    }

    @Override
    public SequencedMap<String, String> toTexts() {
      return new Texts()
          .with("lr", lr)
          .with("max_iter", iterations)
          .with("max_eval", evaluations)
          .with("tolerance_grad", gradTolerance)
          .with("tolerance_change", changeTolerance)
          .with("history_size", history)
          .with("line_search", search)
          .byName();
    }

    @Override
    public Options fromTexts(Texts texts) {
      return new Options(
          texts.number("lr"),
          (int) texts.number("max_iter"),
          (int) texts.number("max_eval"),
          texts.number("tolerance_grad"),
          texts.number("tolerance_change"),
          (int) texts.number("history_size"),
          texts.constant("line_search", LineSearch.class));
    }
  }

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public Lbfgs(Module module, double lr) {
    this(module, new Options(lr));
  }

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public Lbfgs(Module module, Options options) {
    this(List.of(ParamGroup.of(module, options)));
  }

  public Lbfgs(List<? extends Tensor> parameters, Options options) {
    this(List.of(ParamGroup.of(parameters, options)));
  }

  /// Parameters known by their names, as `Module.namedParameters()` gives them.
  public Lbfgs(SequencedMap<String, ? extends Tensor> parameters, Options options) {
    this(List.of(ParamGroup.named(parameters, options)));
  }

  /// @throws IllegalArgumentException unless there is one group (rule OP-13)
  public Lbfgs(List<ParamGroup<Options>> groups) {
    this(groups, StateType.MATCH);
  }

  /// @throws IllegalArgumentException unless there is one group (rule OP-13)
  public Lbfgs(List<ParamGroup<Options>> groups, StateType stateType) {
    super(groups, stateType, 1);
  }

  /// @throws IllegalArgumentException always
  @Override
  protected void advance() {
    throw new IllegalArgumentException(
        "step: Lbfgs computes the loss several times; give step a closure that does (rule OP-13)");
  }

  @Override
  protected void advance(Tensor loss, Supplier<Tensor> closure) {
    SequencedMap<Tensor, ParamState> states = new LinkedHashMap<>();
    groups().getFirst().parameters().stream()
        .filter(Tensor::requiresGrad)
        .forEach(p -> states.put(p, begin(p)));
    new Descent(states, groups().getFirst().options(), closure).from(loss.item());
  }

  /// One step: some iterations.
  private static final class Descent {
    private final SplitVector parameters;
    private final LbfgsHistory history;
    private final Options options;
    private final Supplier<Tensor> closure;
    private int evaluations = 1;

    private Descent(
        SequencedMap<Tensor, ParamState> states, Options options, Supplier<Tensor> closure) {
      this.parameters = new SplitVector(List.copyOf(states.sequencedKeySet()));
      this.history = new LbfgsHistory(states, options.history());
      this.options = options;
      this.closure = closure;
    }

    private void from(double firstLoss) {
      double loss = firstLoss;
      SplitVector grad = grads();
      for (int i = 1; grad.absMax() > options.gradTolerance(); i++) {
        history.arrive(grad);
        SplitVector direction = history.direction(grad);
        Place here = new Place(0, loss, grad.dot(direction), grad);
        if (here.slope() > -options.changeTolerance()) {
          return;
        }
        Place next = move(here, direction, i == options.iterations());
        SplitVector step = direction.times(next.length());
        history.leave(step);
        if (i == options.iterations()
            || evaluations >= options.evaluations()
            || step.absMax() <= options.changeTolerance()
            || Math.abs(next.loss() - loss) < options.changeTolerance()) {
          return;
        }
        loss = next.loss();
        grad = next.grad();
      }
    }

    private Place move(Place here, SplitVector direction, boolean isLast) {
      double length = history.iterations() == 1 ? first(here.grad()) : options.lr();
      SplitVector start = parameters.each(p -> p.detach().clone());
      return switch (options.search()) {
        case NONE -> {
          parameters.take(start.plus(direction, length));
          yield isLast ? new Place(length, here.loss(), 0, here.grad()) : look(length, direction);
        }
        case STRONG_WOLFE -> {
          Place found = search(here, start, direction).find(length);
          parameters.take(start.plus(direction, found.length()));
          yield found;
        }
      };
    }

    /// No longer than the learning rate, before anything is known of the scale.
    private double first(SplitVector grad) {
      return Math.min(1, 1 / grad.absSum()) * options.lr();
    }

    private StrongWolfe search(Place here, SplitVector start, SplitVector direction) {
      double shortest = options.changeTolerance() / direction.absMax();
      return new StrongWolfe(
          here,
          length -> {
            parameters.take(start.plus(direction, length));
            return look(length, direction);
          },
          shortest);
    }

    /// The loss where the parameters are now.
    private Place look(double length, SplitVector direction) {
      evaluations++;
      double loss = closure.get().item();
      SplitVector grad = grads();
      return new Place(length, loss, grad.dot(direction), grad);
    }

    /// Copies, as the next evaluation may overwrite them.
    private SplitVector grads() {
      return parameters.each(p -> {
        Tensor grad = p.grad().map(Tensor::detach).orElseGet(p::zerosLike);
        return grad.clone().to(grad.dtype().accumulator());
      });
    }
  }
}
