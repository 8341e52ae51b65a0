package org.einscale.sharding.device;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.einscale.sharding.DeviceFailure;
import org.einscale.sharding.collective.Exchanged;

/** The actor that has the devices of a process as its children: starts their runs and hears how they end. */
final class Team {
    private final Map<Integer, ActorRef<Message>> devices;
    private final ActorRef<Message.Report> reports;

    sealed interface Command {
        /**
         * All devices are to run once.
         *
         * @param end
         *            gets what each of them exchanged, or the {@link DeviceFailure} of the first that fails, after which the
         *            actor stops
         */
        record Run(long epoch, CompletableFuture<Map<Integer, Exchanged>> end) implements Command {}

        /** What do devices wait for? */
        record Ask(CompletableFuture<String> answer) implements Command {}

        record Reported(Message.Report report) implements Command {}
    }

    private Team(Map<Integer, ActorRef<Message>> devices, ActorRef<Message.Report> reports) {
        this.devices = devices;
        this.reports = reports;
    }

    static Behavior<Command> create(Hosted hosted, Outside outside) {
        return Behaviors.setup(context -> {
            Map<Integer, ActorRef<Message>> devices = new HashMap<>();
            for (int d : hosted.devices()) {
                ActorRef<Message> device = context.spawn(Device.create(d, hosted.pipeline(), hosted.session(d),
                        hosted.precision(), other -> Objects.requireNonNull(devices.get(other)), outside),
                        "device-" + d);
                devices.put(d, device);
                // A device that stops by itself stops all.
                context.watch(device);
            }
            outside.begin(Map.copyOf(devices));
            return new Team(devices, context.messageAdapter(Message.Report.class, Command.Reported::new)).idle();
        });
    }

    private Behavior<Command> idle() {
        return Behaviors.receive(Command.class).onMessage(Command.Run.class, run -> {
            devices.values().forEach(device -> device.tell(new Message.Run(run.epoch(), reports)));
            return running(run.end(), new HashMap<>());
        }).onMessage(Command.Ask.class, this::ask)
                .onMessage(Command.Reported.class, _ -> Behaviors.same()).build();
    }

    private Behavior<Command> running(CompletableFuture<Map<Integer, Exchanged>> end, Map<Integer, Exchanged> counted) {
        return Behaviors.receive(Command.class)
                .onMessage(Command.Reported.class, reported -> switch (reported.report()) {
                    case Message.Report.Failed failed -> {
                        end.completeExceptionally(
                                new DeviceFailure("device " + failed.device() + " failed " + failed.where()
                                        + ": " + failed.cause(), failed.cause()));
                        yield Behaviors.stopped();
                    }
                    case Message.Report.Done done -> {
                        counted.put(done.device(), done.exchanged());
                        if (counted.size() < devices.size()) {
                            yield Behaviors.same();
                        }
                        end.complete(counted);
                        yield idle();
                    }
                }).onMessage(Command.Ask.class, this::ask).build();
    }

    private Behavior<Command> ask(Command.Ask ask) {
        List<CompletableFuture<String>> answers = devices.values().stream().map(device -> {
            CompletableFuture<String> answer = new CompletableFuture<>();
            device.tell(new Message.Ask(answer));
            return answer;
        }).toList();
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).thenRun(() -> ask.answer().complete(
                answers.stream().map(CompletableFuture::join).filter(text -> !text.isEmpty())
                        .collect(Collectors.joining("; "))));
        return Behaviors.same();
    }
}
