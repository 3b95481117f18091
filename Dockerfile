FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# timetzdata: calendars need the time zones, and the image below has no files of its own.
RUN CGO_ENABLED=0 go build -trimpath -tags timetzdata -ldflags "-s -w" -o /doorstep ./cmd/doorstep

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=busybox:1.37-musl /bin/wget /bin/wget
COPY --from=build /doorstep /doorstep
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["/doorstep"]
CMD ["serve"]
