package org.einscale.sharding.device;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.javadsl.Adapter;
import akka.serialization.SerializerWithStringManifest;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Control messages as JSON. Akka makes it by its name in the configuration. */
public final class ControlSerializer extends SerializerWithStringManifest {
    private static final int IDENTIFIER = 0x45494E;
    private static final Map<String, Class<?>> MESSAGES = Stream
            .of(Control.Order.class.getPermittedSubclasses(), Control.Answer.class.getPermittedSubclasses())
            .flatMap(Stream::of).collect(Collectors.toMap(Class::getSimpleName, c -> c));

    private final ObjectMapper json;

    public ControlSerializer(ExtendedActorSystem system) {
        ActorRefResolver resolver = ActorRefResolver.get(Adapter.toTyped(system));
        SimpleModule references = new SimpleModule();
        references.addSerializer(new StdSerializer<ActorRef<?>>(ActorRef.class, true) {
            private static final long serialVersionUID = 1;

            @Override
            public void serialize(ActorRef<?> ref, JsonGenerator to, SerializerProvider provider) throws IOException {
                to.writeString(resolver.toSerializationFormat(ref));
            }
        });
        references.addDeserializer(ActorRef.class, new StdDeserializer<ActorRef<?>>(ActorRef.class) {
            private static final long serialVersionUID = 1;

            @Override
            public ActorRef<?> deserialize(JsonParser from, DeserializationContext context) throws IOException {
                return resolver.resolveActorRef(from.getText());
            }
        });
        json = new ObjectMapper().registerModule(references);
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        return message.getClass().getSimpleName();
    }

    @Override
    public byte[] toBinary(Object message) {
        try {
            return json.writeValueAsBytes(message);
        } catch (IOException e) {
            throw new IllegalArgumentException(message + " cannot be sent", e);
        }
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        Class<?> type = MESSAGES.get(manifest);
        if (type == null) {
            throw new NotSerializableException("no message is called " + manifest);
        }
        try {
            return json.readValue(bytes, type);
        } catch (IOException e) {
            throw new NotSerializableException(manifest + ": " + e.getMessage());
        }
    }
}
